package dev.headgate.route;

import dev.headgate.config.RedirectToHttps;
import dev.headgate.config.RouteConfig.RouteMatch;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.Immutable;
import dev.headgate.engine.io.Chance;
import dev.headgate.http.RequestHead;
import dev.headgate.http.TargetForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Location} for a client that should come by TLS: the host that it named, the port of HTTPS, and path and query byte for byte as
 * they came. It begins with scheme and authority, so no path can lead to another host.
 */
@Immutable
@HotPath
public final class HttpsRedirect {
    private static final byte[] SCHEME = "https://".getBytes(StandardCharsets.US_ASCII);
    private static final int SLASH_BYTES = 1;
    private static final int USUAL_PORT = 443;

    private final int status;
    private final byte[] port; // with its colon; empty for the usual one
    private final @Nullable RouteTable<Boolean> exceptions;

    public HttpsRedirect(RedirectToHttps config, Chance chance) {
        this.status = config.status();
        this.port =
                config.port() == USUAL_PORT ? new byte[0] : (":" + config.port()).getBytes(StandardCharsets.US_ASCII);
        this.exceptions = config.except().isEmpty()
                ? null
                : RouteTable.<Boolean>builder(chance)
                        .add(new RouteMatch(List.of(), config.except()), Boolean.TRUE)
                        .build();
    }

    public int status() {
        return status;
    }

    /** Whether the canonical path of {@code head} is one of those that are served in plain text. */
    public boolean isExcepted(RequestHead head) {
        return exceptions != null
                && exceptions.match(
                                head.bytes(),
                                head.hostOffset(),
                                head.hostLength(),
                                head.pathOffset(),
                                head.pathLength())
                        != null;
    }

    /** The most bytes that {@link #write} writes for {@code head}. */
    public int bytesMax(RequestHead head) {
        return SCHEME.length + head.hostLength() + port.length + SLASH_BYTES + head.targetLength();
    }

    /** Writes the URI for {@code head}, which names a host, into {@code out}, which has {@link #bytesMax} bytes of room. */
    public void write(RequestHead head, ByteBuffer out) {
        ByteBuffer bytes = head.bytes();
        out.put(SCHEME);
        put(out, bytes, head.hostOffset(), head.hostOffset() + head.hostLength());
        out.put(port);
        if (head.targetForm() == TargetForm.ASTERISK) {
            return; // The server as a whole is the URI without a path (RFC 9112 §3.2.4).
        }
        int start = pathStart(head);
        int end = head.targetOffset() + head.targetLength();
        if (start == end || bytes.get(start) != '/') {
            out.put((byte) '/');
        }
        put(out, bytes, start, end);
    }

    /** Where the target's path begins, or its query when it has no path. */
    private static int pathStart(RequestHead head) {
        int at = head.targetOffset();
        if (head.targetForm() != TargetForm.ABSOLUTE) {
            return at;
        }
        ByteBuffer bytes = head.bytes();
        int end = at + head.targetLength();
        while (bytes.get(at) != '/') {
            at++;
        }
        at += 2; // the slashes behind the scheme, which the decoder has seen
        while (at < end && bytes.get(at) != '/' && bytes.get(at) != '?') {
            at++;
        }
        return at;
    }

    private static void put(ByteBuffer out, ByteBuffer from, int start, int end) {
        out.put(out.position(), from, start, end - start);
        out.position(out.position() + end - start);
    }
}
