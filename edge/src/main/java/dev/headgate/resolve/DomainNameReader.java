package dev.headgate.resolve;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads names out of one message, where the end of a name may be a pointer to where the rest has come before (RFC 1035 §4.1.4). Pointers lead
 * back only, so that no walk goes round; and all walks of a message together have so many steps, one per label or pointer, so that none costs
 * more than it may.
 *
 * <p>Positions are absolute. The first fault stays.
 */
final class DomainNameReader {
    /** Enough for 2,048 records of a name with ten labels, behind eight that stand for it. */
    static final int STEPS_MAX = 1 << 18;

    private static final int POINTER = 0xC0;
    private static final int FAILED = -1;

    private final ByteBuffer message;
    private final int start;
    private final int end;
    private final byte[] name = new byte[DnsName.BYTES_MAX];
    private int nameLength;
    private int stepsLeft = STEPS_MAX;
    private @Nullable DnsViolation violation;

    /** {@code message} from its position to its limit. */
    DomainNameReader(ByteBuffer message) {
        this.message = message;
        this.start = message.position();
        this.end = message.limit();
    }

    @Nullable
    DnsViolation violation() {
        return violation;
    }

    int stepsLeft() {
        return stepsLeft;
    }

    /** Walks over the name at {@code position}; answers where what follows it begins, or a negative number. */
    int skip(int position) {
        return read(position, end);
    }

    /** Walks over the name at {@code position} and answers whether it fills the space up to {@code limit}, as content of a record has to. */
    boolean fills(int position, int limit) {
        int behind = read(position, limit);
        if (behind != FAILED && behind != limit) {
            refuse(DnsViolation.DATA_LENGTH);
        }
        return behind == limit;
    }

    /** The name that was walked over last. */
    DnsName last() {
        return DnsName.ofWire(Arrays.copyOf(name, nameLength));
    }

    /** Walks over the name at {@code position}, of which only its own part has to lie before {@code limit}; answers as {@link #skip} does. */
    int read(int position, int limit) {
        nameLength = 0;
        int behind = FAILED;
        int at = position;
        int segment = position; // where the labels being read begin
        int bound = limit;
        while (true) {
            if (--stepsLeft < 0) {
                return refuse(DnsViolation.WORK);
            }
            if (at >= bound) {
                return refuse(DnsViolation.CUT);
            }
            int length = message.get(at) & 0xFF;
            if (length > DnsName.LABEL_BYTES_MAX) {
                int target = pointer(at, bound, segment);
                if (target == FAILED) {
                    return FAILED;
                }
                behind = behind == FAILED ? at + 2 : behind;
                at = target;
                segment = target;
                bound = end;
                continue;
            }
            if (length >= bound - at) {
                return refuse(DnsViolation.CUT);
            }
            if (nameLength + length + (length == 0 ? 1 : 2) > DnsName.BYTES_MAX) {
                return refuse(DnsViolation.NAME_LENGTH);
            }
            take(at, length);
            at += length + 1;
            if (length == 0) {
                return behind == FAILED ? at : behind;
            }
        }
    }

    private void take(int at, int length) {
        name[nameLength++] = (byte) length;
        for (int i = 1; i <= length; i++) {
            name[nameLength++] = DnsName.lower(message.get(at + i));
        }
    }

    private int pointer(int at, int bound, int segment) {
        int high = message.get(at) & 0xFF;
        if ((high & POINTER) != POINTER) {
            return refuse(DnsViolation.LABEL_KIND);
        }
        if (at + 1 >= bound) {
            return refuse(DnsViolation.CUT);
        }
        int target = start + ((high & ~POINTER) << 8 | message.get(at + 1) & 0xFF);
        if (target >= segment || target < start + DnsHeader.BYTES) {
            return refuse(DnsViolation.POINTER_FORWARD);
        }
        return target;
    }

    /**
     * Whether the name at {@code position}, which has been walked over before, is {@code other}.
     *
     * @return false also when there were no steps left to tell
     */
    boolean isAt(int position, DnsName other) {
        int at = position;
        int index = 0;
        while (true) {
            if (--stepsLeft < 0) {
                refuse(DnsViolation.WORK);
                return false;
            }
            int length = message.get(at) & 0xFF;
            if (length > DnsName.LABEL_BYTES_MAX) {
                at = start + ((length & ~POINTER) << 8 | message.get(at + 1) & 0xFF);
                continue;
            }
            if (other.at(index) != length) {
                return false;
            }
            for (int i = 1; i <= length; i++) {
                if (DnsName.lower(message.get(at + i)) != other.at(index + i)) {
                    return false;
                }
            }
            if (length == 0) {
                return true;
            }
            at += length + 1;
            index += length + 1;
        }
    }

    int refuse(DnsViolation what) {
        violation = violation == null ? what : violation;
        return FAILED;
    }
}
