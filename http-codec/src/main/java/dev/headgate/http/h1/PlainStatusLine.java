package dev.headgate.http.h1;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.ResponseHead;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Takes a status line that is whole, within limits and of HTTP/1.1, by words and without a state. Any other it leaves as
 * it is to the states of {@link ResponseHeadDecoder}, which are its oracle: the tests cut every message in two.
 */
final class PlainStatusLine {
    private static final VarHandle INT_LE = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int REASON_OFFSET = Version.LENGTH + 5;
    /** A status line with an empty reason phrase. */
    private static final int BYTES_MIN = REASON_OFFSET + 2;

    private final int statusLineBytesMax;

    PlainStatusLine(Http1Limits limits) {
        this.statusLineBytesMax = limits.requestLineBytes();
    }

    /**
     * Takes the line at the start of a head.
     *
     * @param end index behind the head's last byte that is there
     * @return the offset behind the line's end, or −1 with nothing changed
     */
    int take(ByteBuffer source, int base, int end, ResponseHead head) {
        if (end - base < BYTES_MIN || !Version.isHttp11(source, base, end)) {
            return -1;
        }
        int status = status((int) INT_LE.get(source, base + Version.LENGTH));
        if (status < 100 || status > 599 || source.get(base + REASON_OFFSET - 1) != ' ') {
            return -1;
        }
        int stop = Math.min(end, base + statusLineBytesMax + 1);
        int reasonEnd = ByteScan.fieldValueEnd(source, base + REASON_OFFSET, stop, false);
        if (reasonEnd == stop
                || reasonEnd + 1 == end
                || source.get(reasonEnd) != '\r'
                || source.get(reasonEnd + 1) != '\n') {
            return -1;
        }
        head.status(status);
        head.version(HttpVersion.HTTP_1_1);
        return reasonEnd + 2 - base;
    }

    /** The number in a space and three digits, or −1; the first byte is lowest. */
    private static int status(int word) {
        int hundreds = (word >>> 8 & 0xFF) - '0';
        int tens = (word >>> 16 & 0xFF) - '0';
        int ones = (word >>> 24) - '0';
        boolean isNumber = hundreds >= 0 && hundreds <= 9 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
        return isNumber && (byte) word == ' ' ? 100 * hundreds + 10 * tens + ones : -1;
    }
}
