package dev.headgate.http.h1;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Takes a request line that is whole, within limits, and of a known method, a target in origin form and HTTP/1.1, which
 * nearly all are, by words and without a state. Any other it leaves as it is to the states of
 * {@link RequestHeadDecoder}, which are its oracle: the tests cut every message in two.
 */
final class PlainRequestLine {
    private static final VarHandle LONG_LE =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** {@code GET / HTTP/1.1} CRLF. */
    private static final int BYTES_MIN = 16;

    private final int requestLineBytesMax;

    PlainRequestLine(Http1Limits limits) {
        // No known method is longer than any limit there can be.
        this.requestLineBytesMax = limits.requestLineBytes();
    }

    /**
     * Takes the line at the scan offset.
     *
     * @param end index behind the head's last byte that is there
     * @return the offset behind the line's end, or −1 with nothing changed
     */
    int take(ByteBuffer source, int base, int end, RequestHead head) {
        int start = base + head.scan().scanOffset;
        if (end - start < BYTES_MIN) {
            return -1;
        }
        long first = (long) LONG_LE.get(source, start);
        long spaces = ByteScan.spaces(first);
        int methodLength = ByteScan.indexOf(spaces);
        int method = spaces == 0 ? Method.OTHER : Method.idOf(first & ((spaces & -spaces) >>> 7) - 1, methodLength);
        int target = start + methodLength + 1;
        if (method == Method.OTHER || method == Method.CONNECT || source.get(target) != '/') {
            return -1;
        }
        int stop = Math.min(end, start + requestLineBytesMax + 1);
        int pathEnd = ByteScan.pathEnd(source, target, stop);
        boolean hasQuery = pathEnd < stop && source.get(pathEnd) == '?';
        int targetEnd = hasQuery ? ByteScan.queryEnd(source, pathEnd + 1, stop) : pathEnd;
        if (targetEnd == stop
                || source.get(targetEnd) != ' '
                || !Version.isHttp11Line(source, targetEnd + 1, stop, end)) {
            return -1;
        }
        head.method(method, start - base, methodLength);
        head.target(target - base, targetEnd - target);
        head.path(target - base, pathEnd - target);
        head.query(hasQuery ? pathEnd + 1 - base : 0, hasQuery ? targetEnd - pathEnd - 1 : -1);
        head.version(HttpVersion.HTTP_1_1);
        return targetEnd + 1 + Version.LENGTH + 2 - base;
    }
}
