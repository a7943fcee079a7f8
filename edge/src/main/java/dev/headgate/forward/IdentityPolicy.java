package dev.headgate.forward;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.Immutable;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What responses may tell about the software that made them: the {@code Server} field (RFC 9110 §10.2.4), and the
 * fields that frameworks add ({@code X-Powered-By}, {@code X-AspNet-Version}, {@code X-AspNetMvc-Version},
 * {@code X-Generator}, {@code X-Runtime}).
 */
@HotPath
@Immutable
public final class IdentityPolicy {
    private static final int[] FRAMEWORK_FIELDS = {
        Field.X_POWERED_BY, Field.X_ASPNET_VERSION, Field.X_ASPNETMVC_VERSION, Field.X_GENERATOR, Field.X_RUNTIME,
    };

    /** What becomes of a kind of field. */
    public enum Origin {
        STRIP,
        PASS
    }

    private final Origin server;
    private final byte @Nullable [] serverText; // in place of the origin's, which is then stripped
    private final Origin frameworks;

    private IdentityPolicy(Origin server, byte @Nullable [] serverText, Origin frameworks) {
        this.server = server;
        this.serverText = serverText;
        this.frameworks = frameworks;
    }

    /** Strips the origin's {@code Server}, or lets it pass. */
    public static IdentityPolicy withServer(Origin server, Origin frameworks) {
        return new IdentityPolicy(server, null, frameworks);
    }

    /**
     * Says {@code text} in the {@code Server} of every response. Throws {@link IllegalArgumentException} when it cannot
     * be a field value.
     */
    public static IdentityPolicy withServerText(String text, Origin frameworks) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length == 0 || !FieldSyntax.isValue(bytes, 0, bytes.length)) {
            throw new IllegalArgumentException("not a field value: " + text);
        }
        return new IdentityPolicy(Origin.STRIP, bytes, frameworks);
    }

    /** The most bytes that {@link #apply} appends to the store. */
    public int addedBytesMax() {
        return serverText == null ? 0 : FieldLine.ofKnown(Field.SERVER) + serverText.length;
    }

    /**
     * Rewrites the fields of a retained response.
     *
     * @return false when the store has less room than {@link #addedBytesMax}; the origin's fields are gone nevertheless
     */
    public boolean apply(FieldSection response) {
        if (server == Origin.STRIP) {
            response.removeAll(Field.SERVER);
        }
        if (frameworks == Origin.STRIP) {
            for (int id : FRAMEWORK_FIELDS) {
                response.removeAll(id);
            }
        }
        return serverText == null || response.add(Field.SERVER, serverText, 0, serverText.length);
    }
}
