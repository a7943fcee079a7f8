package dev.headgate.http.h2;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.http.TargetForm;
import dev.headgate.http.h1.HostSyntax;
import dev.headgate.http.hpack.HpackName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Makes a request head of a list of fields, if it is one (RFC 9113 §8.3.1, §8.5, RFC 8441 §4). */
final class RequestRules {
    private static final byte[] HTTP = "http".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HTTPS = "https".getBytes(StandardCharsets.US_ASCII);
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final int pathBytesMax;
    private final int methodBytesMax;

    RequestRules(Http2HeadLimits limits) {
        this.pathBytesMax = limits.pathBytes();
        this.methodBytesMax = limits.methodBytes();
    }

    /**
     * Fills the head and the control data; false when the collector has a violation.
     *
     * @param head whose fields the collector has filled
     */
    boolean finish(
            FieldCollector list, RequestHead head, RequestControl control, StreamEnd end, boolean extendedConnect) {
        control.protocol(0, 0);
        return method(list, head)
                && protocol(list, head, control, extendedConnect)
                && scheme(list, control)
                && path(list, head)
                && authority(list, head, control)
                && framing(list, head, end);
    }

    private boolean method(FieldCollector list, RequestHead head) {
        if (!list.has(HpackName.METHOD)) {
            return list.refuse(Http2Violation.PSEUDO_MISSING);
        }
        if (list.has(HpackName.STATUS)) {
            return list.refuse(Http2Violation.PSEUDO_MISPLACED);
        }
        int offset = list.offset(HpackName.METHOD);
        int length = list.length(HpackName.METHOD);
        if (length > methodBytesMax || !isMethod(head.bytes(), offset, length)) {
            return list.refuse(Http2Violation.METHOD_INVALID);
        }
        head.method(Method.idOf(head.bytes(), offset, length), offset, length);
        head.version(HttpVersion.HTTP_2);
        return true;
    }

    /** A token without lower-case letters: no registered method has any, and {@code get} is not {@code GET}. */
    private static boolean isMethod(ByteBuffer bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes.get(i);
            if (!FieldSyntax.isTokenByte(b) || b >= 'a' && b <= 'z') {
                return false;
            }
        }
        return length > 0;
    }

    private static boolean protocol(
            FieldCollector list, RequestHead head, RequestControl control, boolean extendedConnect) {
        boolean isConnect = head.method() == Method.CONNECT;
        if (!list.has(HpackName.PROTOCOL)) {
            return !isConnect || plainConnect(list, head);
        }
        int offset = list.offset(HpackName.PROTOCOL);
        int length = list.length(HpackName.PROTOCOL);
        if (!extendedConnect || !isConnect || !FieldSyntax.isToken(head.bytes(), offset, length)) {
            return list.refuse(Http2Violation.PROTOCOL_UNEXPECTED);
        }
        control.protocol(offset, length);
        return true;
    }

    /** It asks for a tunnel, which is not offered; one that is malformed is not even answered. */
    private static boolean plainConnect(FieldCollector list, RequestHead head) {
        head.targetForm(TargetForm.AUTHORITY);
        boolean isWellFormed =
                list.has(HpackName.AUTHORITY) && !list.has(HpackName.SCHEME) && !list.has(HpackName.PATH);
        return list.refuse(isWellFormed ? Http2Violation.METHOD_CONNECT : Http2Violation.CONNECT_PSEUDO);
    }

    private static boolean scheme(FieldCollector list, RequestControl control) {
        if (!list.has(HpackName.SCHEME)) {
            return list.refuse(Http2Violation.PSEUDO_MISSING);
        }
        control.scheme(list.isValue(HpackName.SCHEME, HTTPS));
        return control.isHttps() || list.isValue(HpackName.SCHEME, HTTP) || list.refuse(Http2Violation.SCHEME_INVALID);
    }

    private boolean path(FieldCollector list, RequestHead head) {
        if (!list.has(HpackName.PATH)) {
            return list.refuse(Http2Violation.PSEUDO_MISSING);
        }
        int offset = list.offset(HpackName.PATH);
        int length = list.length(HpackName.PATH);
        head.target(offset, length);
        if (length > pathBytesMax) {
            return list.refuse(Http2Violation.PATH_TOO_LONG);
        }
        ByteBuffer bytes = head.bytes();
        int query = pathEnd(bytes, offset, length);
        if (query < 0) {
            return list.refuse(Http2Violation.PATH_INVALID);
        }
        int end = offset + length;
        head.path(offset, query - offset);
        head.query(Math.min(query + 1, end), query < end ? end - query - 1 : -1);
        if (bytes.get(offset) == '/') {
            head.targetForm(TargetForm.ORIGIN);
            return true;
        }
        head.targetForm(TargetForm.ASTERISK);
        boolean isAsterisk = length == 1 && bytes.get(offset) == '*' && head.method() == Method.OPTIONS;
        return isAsterisk || list.refuse(Http2Violation.PATH_INVALID);
    }

    /** Index of the question mark, or the end; −1 for anything but visible ASCII, for a fragment, and for nothing. */
    private static int pathEnd(ByteBuffer bytes, int offset, int length) {
        int query = -1;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            byte b = bytes.get(i);
            if (b <= ' ' || b == 0x7F || b == '#') {
                return -1;
            }
            if (b == '?' && query < 0) {
                query = i;
            }
        }
        return length == 0 ? -1 : query < 0 ? end : query;
    }

    /** The client names the host in {@code :authority}, in Host, or in both alike (RFC 9113 §8.3.1). */
    private static boolean authority(FieldCollector list, RequestHead head, RequestControl control) {
        FieldSection fields = head.fields();
        int host = fields.find(Field.HOST);
        boolean hasAuthority = list.has(HpackName.AUTHORITY);
        if (!hasAuthority && host < 0) {
            return list.refuse(Http2Violation.AUTHORITY_MISSING);
        }
        ByteBuffer bytes = head.bytes();
        int offset = hasAuthority ? list.offset(HpackName.AUTHORITY) : fields.valueOffset(host);
        int length = hasAuthority ? list.length(HpackName.AUTHORITY) : fields.valueLength(host);
        long parsed = HostSyntax.parse(bytes, offset, length);
        if (parsed == HostSyntax.INVALID) {
            return list.refuse(Http2Violation.AUTHORITY_INVALID);
        }
        head.authority(offset, HostSyntax.authorityLength(parsed, length));
        head.host(offset, HostSyntax.hostLength(parsed), HostSyntax.port(parsed));
        return !hasAuthority
                || host < 0
                || isSameHost(head, control, fields.valueOffset(host), fields.valueLength(host))
                || list.refuse(Http2Violation.AUTHORITY_MISMATCH);
    }

    private static boolean isSameHost(RequestHead head, RequestControl control, int offset, int length) {
        ByteBuffer bytes = head.bytes();
        long parsed = HostSyntax.parse(bytes, offset, length);
        if (parsed == HostSyntax.INVALID || HostSyntax.hostLength(parsed) != head.hostLength()) {
            return false;
        }
        for (int i = 0; i < head.hostLength(); i++) {
            if (FieldSyntax.lower(bytes.get(offset + i)) != FieldSyntax.lower(bytes.get(head.hostOffset() + i))) {
                return false;
            }
        }
        int defaultPort = control.isHttps() ? HTTPS_PORT : HTTP_PORT;
        int port = HostSyntax.port(parsed) < 0 ? defaultPort : HostSyntax.port(parsed);
        return port == (head.port() < 0 ? defaultPort : head.port());
    }

    /** Content of unknown length ends with its stream: to the rest of the proxy it delimits itself, as chunks do. */
    private static boolean framing(FieldCollector list, RequestHead head, StreamEnd end) {
        long length = list.contentLength();
        if (end == StreamEnd.END && length > 0) {
            return list.refuse(Http2Violation.CONTENT_LENGTH_MISMATCH);
        }
        BodyKind kind = length >= 0 ? BodyKind.LENGTH : end == StreamEnd.END ? BodyKind.NONE : BodyKind.CHUNKED;
        head.framing(kind, length);
        head.connection(true, list.isContinueExpected() && end == StreamEnd.OPEN && length != 0);
        return true;
    }
}
