package dev.headgate.route;

import dev.headgate.config.RouteConfig.RouteAction;
import dev.headgate.engine.Immutable;
import dev.headgate.http.RequestHead;
import dev.headgate.http.TargetForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Location} of a {@code redirect} action (RFC 9110 §10.2.2): a fixed target, or the request's own with parts replaced.
 * Written from the canonical path, whose bytes cannot end a field line.
 */
@Immutable
public final class Redirect {
    private final int status;
    private final byte @Nullable [] fixed;
    private final byte @Nullable [] scheme;
    private final byte @Nullable [] host;
    private final byte @Nullable [] path;
    private final byte @Nullable [] stripPrefix;
    private final byte @Nullable [] addPrefix;
    private final boolean keepQuery;

    public Redirect(RouteAction.Redirect config) {
        this.status = config.status();
        this.fixed = bytes(config.to());
        this.scheme = bytes(config.scheme());
        this.host = bytes(config.host());
        this.path = bytes(config.path());
        this.stripPrefix = bytes(config.stripPrefix());
        this.addPrefix = bytes(config.addPrefix());
        this.keepQuery = config.keepQuery();
    }

    public int status() {
        return status;
    }

    /** The most bytes that {@link #write} writes for {@code head}. */
    public int bytesMax(RequestHead head) {
        return length(fixed)
                + length(scheme)
                + length(host)
                + length(path)
                + length(addPrefix)
                + head.authorityLength()
                + head.pathLength()
                + Math.max(0, head.queryLength())
                + 16;
    }

    /** Writes the target for {@code head} into {@code out}, which has {@link #bytesMax} bytes of room. */
    public void write(RequestHead head, byte[] ownScheme, ByteBuffer out) {
        if (fixed != null) {
            out.put(fixed);
            return;
        }
        out.put(scheme != null ? scheme : ownScheme)
                .put((byte) ':')
                .put((byte) '/')
                .put((byte) '/');
        if (host != null) {
            out.put(host);
        } else {
            // A port belongs to the scheme it was sent for: with another scheme only the name is kept.
            int length = scheme != null ? head.hostLength() : head.authorityLength();
            put(out, head.bytes(), scheme != null ? head.hostOffset() : head.authorityOffset(), length);
        }
        writePath(head, out);
        if (keepQuery && head.queryLength() >= 0) {
            out.put((byte) '?');
            put(out, head.bytes(), head.queryOffset(), head.queryLength());
        }
    }

    private void writePath(RequestHead head, ByteBuffer out) {
        if (addPrefix != null) {
            out.put(addPrefix);
        }
        if (path != null) {
            out.put(path);
            return;
        }
        int strip = strippedLength(head);
        // The asterisk of OPTIONS names the server as a whole, which has no path to go on from (RFC 9112 §3.2.4).
        int length = head.targetForm() == TargetForm.ASTERISK ? 0 : head.pathLength() - strip;
        if (length > 0) {
            put(out, head.bytes(), head.pathOffset() + strip, length);
        } else if (addPrefix == null) {
            out.put((byte) '/');
        }
    }

    /** Length of the prefix to take off: whole segments only, so {@code /api} is no prefix of {@code /apis}. */
    private int strippedLength(RequestHead head) {
        byte[] prefix = stripPrefix;
        if (prefix == null || prefix.length > head.pathLength()) {
            return 0;
        }
        ByteBuffer bytes = head.bytes();
        int start = head.pathOffset();
        for (int i = 0; i < prefix.length; i++) {
            if (bytes.get(start + i) != prefix[i]) {
                return 0;
            }
        }
        boolean wholeSegment = prefix.length == head.pathLength() || bytes.get(start + prefix.length) == '/';
        return wholeSegment ? prefix.length : 0;
    }

    private static void put(ByteBuffer out, ByteBuffer from, int offset, int length) {
        out.put(out.position(), from, offset, length);
        out.position(out.position() + length);
    }

    private static int length(byte @Nullable [] part) {
        return part == null ? 0 : part.length;
    }

    private static byte @Nullable [] bytes(Optional<String> text) {
        return text.map(value -> value.getBytes(StandardCharsets.ISO_8859_1)).orElse(null);
    }
}
