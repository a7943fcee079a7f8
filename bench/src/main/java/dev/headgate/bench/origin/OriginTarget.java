package dev.headgate.bench.origin;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads a path into what is to be answered. Overwritten by each reading. */
@HotPath
@LoopConfined
final class OriginTarget {
    enum Kind {
        SIZE,
        CHUNKED,
        DELAY,
        STATUS,
        STATS,
        WEB_SOCKET,
        FAULT,
        UNKNOWN
    }

    private static final long SIZE_USUAL = 1024;
    private static final long SIZE_MAX = 1L << 40;
    private static final long NUMBER_MAX = 1_000_000;
    private static final int STATUS_MIN = 200;
    private static final int STATUS_MAX = 599;

    private static final byte[] CHUNKED = ascii("/chunked/");
    private static final byte[] DELAY = ascii("/delay/");
    private static final byte[] STATUS = ascii("/status/");
    private static final byte[] STATS = ascii("/stats");
    private static final byte[] WEB_SOCKET = ascii("/ws");
    private static final byte[] FAULT = ascii("/fault/");
    private static final FastOrigin.Fault[] FAULTS = FastOrigin.Fault.values();
    private static final byte[][] FAULT_NAMES = new byte[FAULTS.length][];

    static {
        for (FastOrigin.Fault fault : FAULTS) {
            FAULT_NAMES[fault.ordinal()] = ascii(fault.name().toLowerCase(Locale.ROOT));
        }
    }

    private Kind kind = Kind.UNKNOWN;
    private long bytes;
    private int number;
    private FastOrigin.Fault fault = FastOrigin.Fault.RESET;

    // Of the reading under way.
    private int at;
    private int end;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    Kind kind() {
        return kind;
    }

    /** Length of the content. */
    long bytes() {
        return bytes;
    }

    /** Milliseconds of a delay, code of a status, or N of a fault that comes once in N times. */
    int number() {
        return number;
    }

    FastOrigin.Fault fault() {
        return fault;
    }

    void read(ByteBuffer source, int offset, int length) {
        at = offset;
        end = offset + length;
        bytes = SIZE_USUAL;
        number = 1;
        kind = kindOf(source);
    }

    private Kind kindOf(ByteBuffer source) {
        if (takeName(source, CHUNKED)) {
            return takeSize(source) && at == end ? Kind.CHUNKED : Kind.UNKNOWN;
        }
        if (takeName(source, DELAY)) {
            boolean isRead = takeNumber(source) && (at == end || takeSlash(source) && takeSize(source) && at == end);
            return isRead ? Kind.DELAY : Kind.UNKNOWN;
        }
        if (takeName(source, STATUS)) {
            boolean isRead = takeNumber(source) && at == end && number >= STATUS_MIN && number <= STATUS_MAX;
            return isRead ? Kind.STATUS : Kind.UNKNOWN;
        }
        if (takeName(source, STATS)) {
            return at == end ? Kind.STATS : Kind.UNKNOWN;
        }
        if (takeName(source, WEB_SOCKET)) {
            return at == end ? Kind.WEB_SOCKET : Kind.UNKNOWN;
        }
        if (takeName(source, FAULT)) {
            boolean isRead = takeFault(source)
                    && (at == end || takeSlash(source) && takeNumber(source) && at == end && number > 0);
            return isRead ? Kind.FAULT : Kind.UNKNOWN;
        }
        return takeSlash(source) && takeSize(source) && at == end ? Kind.SIZE : Kind.UNKNOWN;
    }

    private boolean takeFault(ByteBuffer source) {
        for (FastOrigin.Fault candidate : FAULTS) {
            if (takeName(source, FAULT_NAMES[candidate.ordinal()])) {
                fault = candidate;
                return true;
            }
        }
        return false;
    }

    private boolean takeName(ByteBuffer source, byte[] name) {
        if (end - at < name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (source.get(at + i) != name[i]) {
                return false;
            }
        }
        at += name.length;
        return true;
    }

    private boolean takeSlash(ByteBuffer source) {
        return at < end && source.get(at++) == '/';
    }

    private boolean takeNumber(ByteBuffer source) {
        long value = takeDigits(source, NUMBER_MAX);
        number = (int) value;
        return value >= 0;
    }

    private boolean takeSize(ByteBuffer source) {
        long value = takeDigits(source, SIZE_MAX);
        if (value >= 0 && at < end) {
            int shift = shiftOf(source.get(at));
            if (shift > 0) {
                at++;
                value <<= shift;
            }
        }
        bytes = value;
        return value >= 0 && value <= SIZE_MAX;
    }

    private static int shiftOf(byte unit) {
        return switch (unit) {
            case 'k' -> 10;
            case 'm' -> 20;
            case 'g' -> 30;
            default -> 0;
        };
    }

    /** At most {@code most}; −1 when there is none, or a larger one. */
    private long takeDigits(ByteBuffer source, long most) {
        int start = at;
        long value = 0;
        while (at < end && source.get(at) >= '0' && source.get(at) <= '9' && value <= most) {
            value = value * 10 + source.get(at++) - '0';
        }
        return at == start || value > most ? -1 : value;
    }
}
