package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import java.nio.ByteBuffer;

/** Numbers as field values have them. */
@HotPath
final class Decimal {
    /** The most digits that an {@code int} has. */
    static final int DIGITS_MAX = 10;

    private Decimal() {}

    /** Writes {@code value}, which is not negative, without leading zeros. */
    static void write(ByteBuffer out, int value) {
        int divisor = 1;
        while (value / divisor >= 10) {
            divisor *= 10;
        }
        for (; divisor > 0; divisor /= 10) {
            out.put((byte) ('0' + value / divisor % 10));
        }
    }
}
