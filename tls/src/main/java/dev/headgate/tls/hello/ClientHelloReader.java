package dev.headgate.tls.hello;

import static dev.headgate.tls.hello.HelloOutcome.COMPLETE;
import static dev.headgate.tls.hello.HelloOutcome.NEED_MORE;
import static dev.headgate.tls.hello.HelloOutcome.NOT_TLS;
import static dev.headgate.tls.hello.HelloOutcome.PLAIN_HTTP;
import static dev.headgate.tls.hello.HelloOutcome.REFUSED;
import static dev.headgate.tls.hello.HelloOutcome.SSLV2;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first bytes of a connection until it is known what they are, and consumes none: whoever gets the connection
 * reads them again.
 * <pre>
 *  first byte ─┬─ 22, 3 ──> RECORD HEADER ──5 bytes──> RECORD CONTENT ──last of the message──> COMPLETE
 *              │                  └──────────more to come──────┘
 *              ├─ letter ─> METHOD ──space──> PLAIN_HTTP
 *              ├─ high bit, then a hello's type ──> SSLV2        a rule broken: REFUSED
 *              └─ anything else ──> NOT_TLS
 * </pre>
 * Only headers are looked at while the hello is not whole (RFC 8446 §5.1). Then its records are joined in an array of the
 * reader's and parsed at once. So work is linear however the bytes arrive, and a slow connection keeps nothing here.
 *
 * <p>Owned by one loop. Allocates nothing after its construction.
 */
public final class ClientHelloReader {
    private final HelloLimits limits;
    private final byte[] message;
    private final ClientHello hello;
    private final HelloParser parser;

    /** A reader with these limits. */
    public ClientHelloReader(HelloLimits limits) {
        this.limits = limits;
        this.message = new byte[Wire.MESSAGE_HEADER_BYTES + limits.helloBytes()];
        this.hello = new ClientHello(message, limits.protocolCount());
        this.parser = new HelloParser(limits);
    }

    /**
     * Goes on with the connection whose first byte is at {@code source}'s position, and leaves position and limit as they
     * are. The buffer is lent: the same bytes must be there again at the next call, with more behind them, but may lie
     * elsewhere.
     *
     * @param scan cleared before the connection's first call
     * @return what the bytes are; once it is not {@code NEED_MORE}, further calls for the connection say the same, but
     *         only the call that first said {@code COMPLETE} has filled {@link #hello()}
     */
    public HelloOutcome read(ByteBuffer source, HelloScan scan) {
        if (scan.outcome == NEED_MORE && source.hasRemaining()) {
            scan.outcome = isHandshake(source.get(source.position())) ? records(source, scan) : other(source, scan);
        }
        return scan.outcome;
    }

    /** What the last {@link #read} that said {@code COMPLETE} has read; valid until the next call for any connection. */
    public ClientHello hello() {
        return hello;
    }

    /** Forgets the last hello, so that nothing of a connection stays readable behind it. */
    public void clear() {
        hello.clear();
    }

    private static boolean isHandshake(byte first) {
        return first == Wire.HANDSHAKE;
    }

    // ---- what is no hello of TLS

    private static HelloOutcome other(ByteBuffer source, HelloScan scan) {
        int first = source.get(source.position()) & 0xFF;
        if (isMethodByte(first)) {
            return method(source, scan);
        }
        if (first >= Wire.CHANGE_CIPHER_SPEC && first <= Wire.HEARTBEAT) {
            return otherRecord(source, scan);
        }
        return (first & Wire.SSLV2_MARK) != 0 ? sslv2(source) : NOT_TLS;
    }

    private static HelloOutcome method(ByteBuffer source, HelloScan scan) {
        int available = Math.min(source.remaining(), Wire.METHOD_BYTES_MAX + 1);
        while (scan.methodLength < available) {
            byte b = source.get(source.position() + scan.methodLength);
            if (b == ' ') {
                return PLAIN_HTTP;
            }
            if (!isMethodByte(b)) {
                return NOT_TLS;
            }
            scan.methodLength++;
        }
        return scan.methodLength > Wire.METHOD_BYTES_MAX ? NOT_TLS : NEED_MORE;
    }

    /** Registered methods have capital letters and hyphens; a banner such as "SSH-2.0" soon has something else. */
    private static boolean isMethodByte(int b) {
        return b >= 'A' && b <= 'Z' || b == '-';
    }

    private static HelloOutcome otherRecord(ByteBuffer source, HelloScan scan) {
        if (source.remaining() <= Wire.RECORD_VERSION_OFFSET) {
            return NEED_MORE;
        }
        return source.get(source.position() + Wire.RECORD_VERSION_OFFSET) == Wire.VERSION_MAJOR
                ? refuse(scan, HelloViolation.RECORD_TYPE)
                : NOT_TLS;
    }

    private static HelloOutcome sslv2(ByteBuffer source) {
        if (source.remaining() <= Wire.SSLV2_TYPE_OFFSET) {
            return NEED_MORE;
        }
        return source.get(source.position() + Wire.SSLV2_TYPE_OFFSET) == Wire.CLIENT_HELLO ? SSLV2 : NOT_TLS;
    }

    // ---- records

    private HelloOutcome records(ByteBuffer source, HelloScan scan) {
        HelloOutcome outcome;
        do {
            if (scan.recordLength == 0) {
                outcome = recordHeader(source, scan);
                if (outcome != NEED_MORE || scan.recordLength == 0) {
                    return outcome;
                }
            }
            HelloViolation violation = messageHeader(source, scan);
            if (violation != null) {
                return refuse(scan, violation);
            }
            if (source.remaining() < recordEnd(scan)) {
                return NEED_MORE;
            }
            outcome = recordIsWhole(source, scan);
        } while (outcome == NEED_MORE);
        return outcome;
    }

    /** Judges the header as its bytes come; the length is set once all are there. */
    private HelloOutcome recordHeader(ByteBuffer source, HelloScan scan) {
        int available = source.remaining() - scan.recordOffset;
        int at = source.position() + scan.recordOffset;
        if (available > 0 && source.get(at) != Wire.HANDSHAKE) {
            return refuse(scan, HelloViolation.RECORD_TYPE);
        }
        // The minor number says nothing, and only that (RFC 8446 §5.1; RFC 5246 Appendix E.1).
        int versionAt = at + Wire.RECORD_VERSION_OFFSET;
        if (available > Wire.RECORD_VERSION_OFFSET && source.get(versionAt) != Wire.VERSION_MAJOR) {
            return scan.recordOffset == 0 ? NOT_TLS : refuse(scan, HelloViolation.RECORD_VERSION);
        }
        if (available < Wire.RECORD_HEADER_BYTES) {
            return NEED_MORE;
        }
        scan.recordLength = u16(source, at + Wire.RECORD_LENGTH_OFFSET);
        HelloViolation violation = judgeRecordLength(scan);
        return violation != null ? refuse(scan, violation) : NEED_MORE;
    }

    private @Nullable HelloViolation judgeRecordLength(HelloScan scan) {
        if (scan.recordLength == 0) {
            return HelloViolation.RECORD_EMPTY;
        }
        if (scan.recordLength > Wire.RECORD_BYTES_MAX) {
            return HelloViolation.RECORD_TOO_LONG;
        }
        if (isMessageLengthKnown(scan) && isBeyondMessage(scan)) {
            return HelloViolation.NOT_ALIGNED;
        }
        return recordEnd(scan) > limits.wireBytes() ? HelloViolation.WIRE_TOO_LONG : null;
    }

    /** Takes the handshake header's bytes as they come, so that what cannot be a hello is not waited for. */
    private @Nullable HelloViolation messageHeader(ByteBuffer source, HelloScan scan) {
        int available = Math.min(source.remaining(), recordEnd(scan));
        int contentOffset = scan.recordOffset + Wire.RECORD_HEADER_BYTES;
        while (!isMessageLengthKnown(scan)) {
            int offset = contentOffset + scan.messageHeaderBytes - scan.messageBytes;
            if (offset >= available) {
                return null;
            }
            byte b = source.get(source.position() + offset);
            if (scan.messageHeaderBytes == 0 && b != Wire.CLIENT_HELLO) {
                return HelloViolation.MESSAGE_TYPE;
            }
            scan.messageHeader = scan.messageHeader << 8 | b & 0xFF;
            scan.messageHeaderBytes++;
            if (isMessageLengthKnown(scan)) {
                return judgeMessageLength(scan);
            }
        }
        return null;
    }

    private @Nullable HelloViolation judgeMessageLength(HelloScan scan) {
        if (scan.messageLength() > message.length) {
            return HelloViolation.HELLO_TOO_LONG;
        }
        // Keys may change behind a hello, so nothing may share its last record (RFC 8446 §5.1).
        return isBeyondMessage(scan) ? HelloViolation.NOT_ALIGNED : null;
    }

    private HelloOutcome recordIsWhole(ByteBuffer source, HelloScan scan) {
        scan.messageBytes += scan.recordLength;
        scan.recordOffset = recordEnd(scan);
        scan.recordLength = 0;
        scan.recordCount++;
        if (isMessageLengthKnown(scan) && scan.messageBytes == scan.messageLength()) {
            return messageIsWhole(source, scan);
        }
        return scan.recordCount == limits.recordCount() ? refuse(scan, HelloViolation.RECORD_COUNT) : NEED_MORE;
    }

    private HelloOutcome messageIsWhole(ByteBuffer source, HelloScan scan) {
        hello.clear();
        join(source, scan.recordOffset);
        HelloViolation violation = parser.parse(message, scan.messageLength(), hello);
        if (violation == null) {
            return COMPLETE;
        }
        hello.clear();
        return refuse(scan, violation);
    }

    /** Copies the content of all records, whose headers have been judged, from the first to the one that ends here. */
    private void join(ByteBuffer source, int endOffset) {
        int at = source.position();
        int end = at + endOffset;
        int length = 0;
        while (at < end) {
            int contentLength = u16(source, at + Wire.RECORD_LENGTH_OFFSET);
            source.get(at + Wire.RECORD_HEADER_BYTES, message, length, contentLength);
            length += contentLength;
            at += Wire.RECORD_HEADER_BYTES + contentLength;
        }
    }

    private static boolean isMessageLengthKnown(HelloScan scan) {
        return scan.messageHeaderBytes == Wire.MESSAGE_HEADER_BYTES;
    }

    private static boolean isBeyondMessage(HelloScan scan) {
        return scan.messageBytes + scan.recordLength > scan.messageLength();
    }

    private static int recordEnd(HelloScan scan) {
        return scan.recordOffset + Wire.RECORD_HEADER_BYTES + scan.recordLength;
    }

    /** Read byte by byte: the lent buffer's order is its owner's business. */
    private static int u16(ByteBuffer source, int index) {
        return (source.get(index) & 0xFF) << 8 | source.get(index + 1) & 0xFF;
    }

    private static HelloOutcome refuse(HelloScan scan, HelloViolation violation) {
        scan.violation = violation;
        return REFUSED;
    }
}
