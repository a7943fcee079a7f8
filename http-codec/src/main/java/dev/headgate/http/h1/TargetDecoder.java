package dev.headgate.http.h1;

import dev.headgate.http.FieldSyntax;
import dev.headgate.http.HeadScan;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.http.TargetForm;
import dev.headgate.http.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Takes a request target apart (RFC 9112 §3.2) once its end is known; its bytes are visible ASCII without {@code #}. */
final class TargetDecoder {
    private static final byte[] HTTP = "http://".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HTTPS = "https://".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PRI = "pri".getBytes(StandardCharsets.US_ASCII);
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private TargetDecoder() {}

    /** Fills the head's target, path, query and authority; {@code end} is the index behind the target. */
    static @Nullable Violation onTarget(ByteBuffer source, int base, int end, RequestHead head) {
        HeadScan scan = head.scan();
        int start = base + scan.partOffset;
        int pathEnd = scan.queryOffset > 0 ? base + scan.queryOffset - 1 : end;
        head.target(start - base, end - start);
        head.query(scan.queryOffset, scan.queryOffset > 0 ? end - base - scan.queryOffset : -1);
        if (start == end) {
            return Violation.TARGET_INVALID;
        }
        // CONNECT asks for a tunnel, which is not offered, whatever its target looks like.
        if (head.method() == Method.CONNECT) {
            head.targetForm(TargetForm.AUTHORITY);
            return Violation.METHOD_CONNECT;
        }
        byte first = source.get(start);
        if (first == '/') {
            head.path(start - base, pathEnd - start);
            return null;
        }
        return first == '*' ? onAsterisk(source, base, end, head) : onAbsolute(source, base, pathEnd, head);
    }

    /**
     * Whether host and port of an absolute-form target are those of Host, a default port counting as named.
     *
     * @param parsed Host's value as {@link HostSyntax} understood it
     */
    static boolean isSameAuthority(RequestHead head, ByteBuffer source, int hostOffset, long parsed) {
        int length = head.hostLength();
        if (length != HostSyntax.hostLength(parsed)) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            byte ours = FieldSyntax.lower(source.get(head.hostOffset() + i));
            if (ours != FieldSyntax.lower(source.get(hostOffset + i))) {
                return false;
            }
        }
        int defaultPort = isHttps(head, source) ? HTTPS_PORT : HTTP_PORT;
        int targetPort = head.port() < 0 ? defaultPort : head.port();
        int hostPort = HostSyntax.port(parsed) < 0 ? defaultPort : HostSyntax.port(parsed);
        return targetPort == hostPort;
    }

    private static boolean isHttps(RequestHead head, ByteBuffer source) {
        return source.get(head.targetOffset() + HTTP.length - 3) != ':';
    }

    private static @Nullable Violation onAsterisk(ByteBuffer source, int base, int end, RequestHead head) {
        int start = base + head.scan().partOffset;
        head.targetForm(TargetForm.ASTERISK);
        head.path(start - base, 1);
        if (FieldSyntax.equalsIgnoreCase(source, head.methodOffset(), head.methodLength(), PRI)) {
            return Violation.PREFACE_HTTP2;
        }
        return end - start == 1 && head.method() == Method.OPTIONS ? null : Violation.TARGET_INVALID;
    }

    private static @Nullable Violation onAbsolute(ByteBuffer source, int base, int pathEnd, RequestHead head) {
        int start = base + head.scan().partOffset;
        int authority = schemeEnd(source, start, pathEnd);
        if (authority < 0) {
            return hasColon(source, start, pathEnd) ? Violation.TARGET_SCHEME : Violation.TARGET_INVALID;
        }
        head.targetForm(TargetForm.ABSOLUTE);
        int path = authority;
        while (path < pathEnd && source.get(path) != '/') {
            if (source.get(path++) == '@') {
                return Violation.TARGET_USERINFO;
            }
        }
        long parsed = HostSyntax.parse(source, authority, path - authority);
        if (parsed == HostSyntax.INVALID) {
            return Violation.TARGET_AUTHORITY;
        }
        head.authority(authority - base, HostSyntax.authorityLength(parsed, path - authority));
        head.host(authority - base, HostSyntax.hostLength(parsed), HostSyntax.port(parsed));
        head.path(path - base, pathEnd - path);
        return null;
    }

    /** The index behind {@code http://} or {@code https://}, or −1. */
    private static int schemeEnd(ByteBuffer source, int start, int end) {
        if (end - start > HTTP.length && FieldSyntax.equalsIgnoreCase(source, start, HTTP.length, HTTP)) {
            return start + HTTP.length;
        }
        if (end - start > HTTPS.length && FieldSyntax.equalsIgnoreCase(source, start, HTTPS.length, HTTPS)) {
            return start + HTTPS.length;
        }
        return -1;
    }

    private static boolean hasColon(ByteBuffer source, int from, int end) {
        for (int i = from; i < end; i++) {
            if (source.get(i) == ':') {
                return true;
            }
        }
        return false;
    }
}
