package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import java.nio.ByteBuffer;

/** {@code Max-Forwards} of an OPTIONS request (RFC 9110 §7.6.2): how many more proxies may pass it on. */
@HotPath
final class MaxForwards {
    private static final int DIGITS_MAX = 9;

    private MaxForwards() {}

    /**
     * Takes one off. At zero the request is not passed on: this proxy is the final recipient, and its answer names the methods that it takes.
     */
    static Cause countDown(FieldSection fields) {
        int at = fields.find(Field.MAX_FORWARDS);
        int left = value(fields.bytes(), fields.valueOffset(at), fields.valueLength(at));
        boolean repeated = fields.findNext(Field.MAX_FORWARDS, at) >= 0;
        if (left < 0 || repeated) {
            return Cause.REQUEST_INVALID;
        }
        if (left == 0) {
            return Cause.MAX_FORWARDS_REACHED;
        }
        fields.removeAll(Field.MAX_FORWARDS);
        ByteBuffer out = fields.beginAdd(Field.MAX_FORWARDS);
        Decimal.write(out, left - 1);
        return fields.endAdd() ? Cause.NONE : Cause.FIELDS_TOO_LARGE;
    }

    private static int value(ByteBuffer bytes, int offset, int length) {
        if (length == 0 || length > DIGITS_MAX) {
            return -1;
        }
        int value = 0;
        for (int i = offset; i < offset + length; i++) {
            int digit = bytes.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value;
    }
}
