package dev.headgate.http.uri;

import dev.headgate.http.RequestHead;
import dev.headgate.http.Violation;
import org.jspecify.annotations.Nullable;

/** Rewrites a retained head's target into its one canonical form. */
public final class TargetCanonicaliser {
    private TargetCanonicaliser() {}

    public static @Nullable Violation canonicalise(RequestHead head, UriPolicy policy) {
        return null;
    }
}
