package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import dev.headgate.http.FieldSection;
import java.nio.charset.StandardCharsets;

/**
 * The field by which a proxy tells the next one that a request is a retry, and which: a request that is one is not retried once more, so that
 * the attempts of proxies in a row add up and do not multiply. Whoever is not trusted says nothing by it: the field has gone with those that
 * tell who a client is.
 */
@HotPath
final class RetryMark {
    /** The most that is told. */
    static final int COUNT_MAX = 9;

    private static final byte[] NAME = ascii("x-retry-attempt");
    private static final byte[] WIRE_NAME = ascii("X-Retry-Attempt");
    private static final byte[][] COUNTS = new byte[COUNT_MAX + 1][];

    /** What a request grows by when it comes to be told, which it is once at each upstream, and once more where one that is told was sent before one that is not. */
    static final int ADDED_BYTES = WIRE_NAME.length + 5;

    static {
        for (int i = 0; i <= COUNT_MAX; i++) {
            COUNTS[i] = ascii(Integer.toString(i));
        }
    }

    private RetryMark() {}

    /** Which retry the request is, and 0 for none. What does not tell says at least that it is one. The field is gone afterwards. */
    static int take(FieldSection fields) {
        int at = fields.find(NAME);
        if (at < 0) {
            return 0;
        }
        int digit = fields.valueLength(at) == 1 ? fields.bytes().get(fields.valueOffset(at)) - '0' : 1;
        fields.removeAll(NAME);
        return digit >= 0 && digit <= COUNT_MAX ? digit : 1;
    }

    /** Tells which retry it is, in place of what was told before. Where there is no room for that, nothing is told. */
    static void put(FieldSection fields, int count) {
        byte[] digit = COUNTS[Math.min(count, COUNT_MAX)];
        int at = fields.find(NAME);
        if (at < 0) {
            fields.add(WIRE_NAME, digit);
        } else {
            fields.bytes().put(fields.valueOffset(at), digit[0]);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
