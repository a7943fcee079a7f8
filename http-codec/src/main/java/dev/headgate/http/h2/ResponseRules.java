package dev.headgate.http.h2;

import dev.headgate.http.BodyKind;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.Method;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.hpack.HpackName;
import java.nio.ByteBuffer;

/** Makes a response head of a list of fields, if it is one (RFC 9113 §8.3.2). */
final class ResponseRules {
    private static final int STATUS_DIGITS = 3;

    private ResponseRules() {}

    /**
     * Fills the head; false when the collector has a violation.
     *
     * @param head whose fields the collector has filled
     * @param requestMethod the {@link Method} number of the request
     */
    static boolean finish(FieldCollector list, ResponseHead head, StreamEnd end, int requestMethod) {
        head.headLength(list.end());
        head.version(HttpVersion.HTTP_2);
        head.persistent(true);
        if (!list.has(HpackName.STATUS)) {
            return list.refuse(Http2Violation.PSEUDO_MISSING);
        }
        if (list.has(HpackName.METHOD)
                || list.has(HpackName.SCHEME)
                || list.has(HpackName.PATH)
                || list.has(HpackName.AUTHORITY)
                || list.has(HpackName.PROTOCOL)) {
            return list.refuse(Http2Violation.PSEUDO_MISPLACED);
        }
        int status = status(head.bytes(), list.offset(HpackName.STATUS), list.length(HpackName.STATUS));
        if (status < 100 || status > 599) {
            return list.refuse(Http2Violation.STATUS_INVALID);
        }
        head.status(status);
        if (status == 101) {
            return list.refuse(Http2Violation.STATUS_SWITCHING);
        }
        return status < 200 ? interim(list, head, end) : framing(list, head, end, requestMethod);
    }

    private static int status(ByteBuffer bytes, int offset, int length) {
        if (length != STATUS_DIGITS) {
            return -1;
        }
        int status = 0;
        for (int i = offset; i < offset + length; i++) {
            int digit = bytes.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            status = status * 10 + digit;
        }
        return status;
    }

    private static boolean interim(FieldCollector list, ResponseHead head, StreamEnd end) {
        head.framing(BodyKind.NONE, -1);
        return end == StreamEnd.OPEN || list.refuse(Http2Violation.INTERIM_END);
    }

    private static boolean framing(FieldCollector list, ResponseHead head, StreamEnd end, int requestMethod) {
        if (isTunnel(head.status(), requestMethod)) {
            head.framing(end == StreamEnd.END ? BodyKind.NONE : BodyKind.CHUNKED, -1);
            return true;
        }
        long length = list.contentLength();
        if (isContentForbidden(head.status(), requestMethod)) {
            // Some origins name one with a 204, where it must not be (RFC 9110 §8.6): it is dropped.
            head.framing(BodyKind.NONE, head.status() == 204 ? -1 : length);
            return true;
        }
        if (end == StreamEnd.END && length > 0) {
            return list.refuse(Http2Violation.CONTENT_LENGTH_MISMATCH);
        }
        BodyKind kind = length >= 0 ? BodyKind.LENGTH : end == StreamEnd.END ? BodyKind.NONE : BodyKind.CHUNKED;
        head.framing(kind, length);
        return true;
    }

    /** Behind such a head are the tunnel's bytes, whatever length it names (RFC 9110 §9.3.6). */
    static boolean isTunnel(int status, int requestMethod) {
        return requestMethod == Method.CONNECT && status >= 200 && status < 300;
    }

    /** RFC 9110 §6.4.1. */
    static boolean isContentForbidden(int status, int requestMethod) {
        return !isTunnel(status, requestMethod) && isWithoutContent(status, requestMethod);
    }

    private static boolean isWithoutContent(int status, int requestMethod) {
        return requestMethod == Method.HEAD || status == 204 || status == 304;
    }
}
