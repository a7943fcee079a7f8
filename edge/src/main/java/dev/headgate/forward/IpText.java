package dev.headgate.forward;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes addresses the one way that RFC 5952 §4 recommends, and IPv4 addresses in dotted form. */
final class IpText {
    /** Longest text: eight groups of four digits and seven colons. */
    static final int LENGTH_MAX = 39;

    private static final byte[] UNKNOWN = "unknown".getBytes(StandardCharsets.US_ASCII); // RFC 7239 §6.2
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int GROUPS = 8;

    private IpText() {}

    static void write(long high, long low, ByteBuffer out) {
        if (IpAddress.isIpv4(high, low)) {
            writeIpv4((int) low, out);
        } else {
            writeIpv6(high, low, out);
        }
    }

    static void writeUnknown(ByteBuffer out) {
        out.put(UNKNOWN);
    }

    /** Writes a number without leading zeros. */
    static void writeDecimal(int value, ByteBuffer out) {
        if (value >= 10) {
            writeDecimal(value / 10, out);
        }
        out.put((byte) ('0' + value % 10));
    }

    private static void writeIpv4(int address, ByteBuffer out) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            writeDecimal(address >>> shift & 0xff, out);
            if (shift > 0) {
                out.put((byte) '.');
            }
        }
    }

    private static void writeIpv6(long high, long low, ByteBuffer out) {
        int gapStart = gapStart(high, low);
        int gapEnd = gapStart + zerosAt(gapStart, high, low);
        for (int i = 0; i < GROUPS; i++) {
            if (i == gapStart) {
                out.put((byte) ':').put((byte) ':');
                i = gapEnd - 1;
                continue;
            }
            if (i > 0 && i != gapEnd) {
                out.put((byte) ':');
            }
            writeGroup(group(i, high, low), out);
        }
    }

    // The longest run of two zero groups or more, the first of equals (RFC 5952 §4.2.3); past the end when there is
    // none.
    private static int gapStart(long high, long low) {
        int best = GROUPS;
        int bestLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int length = zerosAt(i, high, low);
            if (length > bestLength) {
                best = i;
                bestLength = length;
            }
        }
        return best;
    }

    private static int zerosAt(int start, long high, long low) {
        int end = start;
        while (end < GROUPS && group(end, high, low) == 0) {
            end++;
        }
        return end - start;
    }

    private static int group(int i, long high, long low) {
        long word = i < 4 ? high : low;
        return (int) (word >>> (48 - 16 * (i & 3))) & 0xffff;
    }

    private static void writeGroup(int group, ByteBuffer out) {
        int shift = 12;
        while (shift > 0 && group >>> shift == 0) {
            shift -= 4;
        }
        for (; shift >= 0; shift -= 4) {
            out.put(HEX[group >>> shift & 0xf]);
        }
    }
}
