package dev.headgate.http.h1;

import dev.headgate.http.FieldSection;

/** Removes what concerns one connection only (RFC 9110 §7.6.1). */
public final class HopByHop {
    private HopByHop() {}

    /** @return whether {@code TE: trailers} was offered */
    public static boolean strip(FieldSection fields) {
        return false;
    }
}
