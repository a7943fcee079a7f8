package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a gRPC request asks of a proxy ("gRPC over HTTP2", the protocol's specification): its deadline is kept, and answers are in its own terms. */
@HotPath
final class Grpc {
    /** {@code Content-Type} of a response without messages. */
    static final byte[] CONTENT_TYPE = ascii("application/grpc");

    static final byte[] STATUS_NAME = ascii("grpc-status");
    static final byte[] MESSAGE_NAME = ascii("grpc-message");

    /** No deadline is given. */
    static final long NO_TIMEOUT = 0;

    /** The deadline is over before anything can be done: what zero in any unit says, too. */
    static final long RUN_OUT_NS = 1;

    private static final byte[] TIMEOUT_NAME = ascii("grpc-timeout");
    private static final int TIMEOUT_DIGITS_MAX = 8;
    private static final long TIMEOUT_MAX_NS = 365L * 24 * 3_600_000_000_000L; // longer ones are as good as this

    private static final byte[][] STATUSES = new byte[Cause.COUNT][];

    static {
        for (Cause cause : Cause.values()) {
            STATUSES[cause.ordinal()] = ascii(Integer.toString(statusOf(cause)));
        }
    }

    private Grpc() {}

    /** Whether the request is one: by HTTP/2, with a {@code Content-Type} of {@code application/grpc}, with a suffix or parameters perhaps. */
    static boolean isCall(RequestHead head) {
        if (head.version() != HttpVersion.HTTP_2) {
            return false;
        }
        FieldSection fields = head.fields();
        int at = fields.find(Field.CONTENT_TYPE);
        if (at < 0) {
            return false;
        }
        int offset = fields.valueOffset(at);
        int length = fields.valueLength(at);
        if (length < CONTENT_TYPE.length
                || !FieldSyntax.equalsIgnoreCase(fields.bytes(), offset, CONTENT_TYPE.length, CONTENT_TYPE)) {
            return false;
        }
        byte next = length == CONTENT_TYPE.length ? (byte) ';' : fields.bytes().get(offset + CONTENT_TYPE.length);
        return next == ';' || next == '+' || FieldSyntax.isBlank(next);
    }

    /** The deadline that the caller has set, in nanoseconds; {@link #NO_TIMEOUT} when there is none that can be read. */
    static long timeoutNs(FieldSection fields) {
        int at = fields.find(TIMEOUT_NAME);
        if (at < 0) {
            return NO_TIMEOUT;
        }
        ByteBuffer bytes = fields.bytes();
        int offset = fields.valueOffset(at);
        int digits = fields.valueLength(at) - 1;
        if (digits < 1 || digits > TIMEOUT_DIGITS_MAX) {
            return NO_TIMEOUT;
        }
        long value = 0;
        for (int i = offset; i < offset + digits; i++) {
            int digit = bytes.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return NO_TIMEOUT;
            }
            value = value * 10 + digit;
        }
        long unitNs = unitNs(bytes.get(offset + digits));
        return unitNs == 0 ? NO_TIMEOUT : Math.max(RUN_OUT_NS, Math.min(value, TIMEOUT_MAX_NS / unitNs) * unitNs);
    }

    /** Zero for what is no unit. */
    private static long unitNs(byte unit) {
        return switch (unit) {
            case 'H' -> 3_600_000_000_000L;
            case 'M' -> 60_000_000_000L;
            case 'S' -> 1_000_000_000L;
            case 'm' -> 1_000_000L;
            case 'u' -> 1_000L;
            case 'n' -> 1;
            default -> 0;
        };
    }

    /** The status of a call that the proxy answers for this cause, in digits. Not to be changed. */
    static byte[] status(Cause cause) {
        return STATUSES[cause.ordinal()];
    }

    /** As the protocol's mapping of HTTP statuses has it, and the deadline by its own name. */
    static int statusOf(Cause cause) {
        if (cause == Cause.EXCHANGE_TIMEOUT) {
            return 4; // DEADLINE_EXCEEDED
        }
        return switch (cause.status()) {
            case 0, 204 -> 2; // UNKNOWN
            case 400, 500 -> 13; // INTERNAL
            case 401 -> 16; // UNAUTHENTICATED
            case 403, 421 -> 7; // PERMISSION_DENIED
            case 404, 405, 501 -> 12; // UNIMPLEMENTED
            case 408 -> 1; // CANCELLED
            case 413, 431 -> 8; // RESOURCE_EXHAUSTED
            case 425, 429, 502, 503, 504 -> 14; // UNAVAILABLE
            default -> 2;
        };
    }

    /** The status in a head that is a call's trailers as well, which has no messages before it; −1 when there is none that can be read. */
    static int statusIn(FieldSection fields) {
        int at = fields.find(STATUS_NAME);
        int digits = at < 0 ? 0 : fields.valueLength(at);
        if (digits < 1 || digits > 2) {
            return -1;
        }
        int status = 0;
        for (int i = 0; i < digits; i++) {
            int digit = fields.bytes().get(fields.valueOffset(at) + i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            status = status * 10 + digit;
        }
        return status;
    }

    /**
     * Whether a call's status speaks of who has answered it: UNKNOWN, which is what servers say when their code has thrown, INTERNAL,
     * UNAVAILABLE and DATA_LOSS. A deadline is the caller's, who could have anybody taken for failing by short ones.
     */
    static boolean isServerFault(int status) {
        return status == 2 || status == 13 || status == 14 || status == 15;
    }

    /** The HTTP status that says as much of who answers a call with this one, by the other direction of {@link #statusOf}. */
    static int httpStatusOf(int status) {
        return switch (status) {
            case 14 -> 503; // UNAVAILABLE
            case 4 -> 504; // DEADLINE_EXCEEDED
            case 2, 13, 15 -> 500; // UNKNOWN, INTERNAL, DATA_LOSS
            case 8 -> 429; // RESOURCE_EXHAUSTED
            default -> 400;
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
