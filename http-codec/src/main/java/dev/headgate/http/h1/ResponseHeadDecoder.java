package dev.headgate.http.h1;

import static dev.headgate.http.h1.Decode.COMPLETE;
import static dev.headgate.http.h1.Decode.NEED_MORE;
import static dev.headgate.http.h1.Decode.REFUSED;

import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.HeadScan;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.Method;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.Violation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes response heads (RFC 9112 §4, §5, §6) as strictly as requests: the origin may be hostile too.
 * <pre>
 *  VERSION ──SP──> STATUS ──3 digits──> AFTER_STATUS ──SP──> REASON ──CR──> START_LF ──LF──> field lines
 *                                            └───────────CR────────────────────┘
 * </pre>
 * One liberty: the space before an absent reason phrase may be missing, for many origins leave it out and nothing can
 * be misread. Keeps nothing between calls: one decoder serves every connection, progress lies in the head.
 */
public final class ResponseHeadDecoder {
    private static final int VERSION = 0;
    private static final int STATUS = 1;
    private static final int AFTER_STATUS = 2;
    private static final int REASON = 3;
    private static final int START_LF = 4;

    private static final int STATUS_DIGITS = 3;

    private final int statusLineBytesMax;
    private final int headBytesMax;
    private final PlainStatusLine plainLine;
    private final FieldLineDecoder lines;

    /** A decoder with these limits. */
    public ResponseHeadDecoder(Http1Limits limits) {
        this.statusLineBytesMax = limits.requestLineBytes();
        this.headBytesMax = limits.headBytes();
        this.plainLine = new PlainStatusLine(limits);
        this.lines = FieldLineDecoder.ofHead(limits, FramingFields.IDS);
    }

    /**
     * Goes on with the head whose first byte is at {@code source}'s position. The buffer is lent: the same bytes must be
     * there again at the next call, with more behind them, but may lie elsewhere.
     *
     * @param head cleared before the first call for a head, and untouched until it is complete
     * @param requestMethod the {@link Method} number of the request that is answered, which decides with the status
     *     whether content follows (RFC 9112 §6.3)
     * @return {@link Decode#COMPLETE}, the position being just behind the head; {@link Decode#NEED_MORE}, the position
     *         unchanged; or {@link Decode#REFUSED}, see {@link ResponseHead#violation()}
     */
    public int decode(ByteBuffer source, ResponseHead head, int requestMethod) {
        int base = source.position();
        HeadScan scan = head.scan();
        FieldSection fields = head.fields();
        fields.bind(source, base);
        int answer = scan.violation == null ? run(source, base, head, requestMethod) : REFUSED;
        if (answer == NEED_MORE) {
            fields.unbind();
        } else if (answer == COMPLETE) {
            head.headLength(scan.scanOffset);
            source.position(base + scan.scanOffset);
        }
        return answer;
    }

    private int run(ByteBuffer source, int base, ResponseHead head, int requestMethod) {
        HeadScan scan = head.scan();
        int available = Math.min(source.limit() - base, headBytesMax);
        while (scan.state < FieldLineDecoder.LINE_START) {
            if (scan.scanOffset == available) {
                return available == headBytesMax ? refuse(scan, Violation.HEAD_TOO_LARGE) : NEED_MORE;
            }
            if (statusLine(source, base, available, head) == REFUSED) {
                return REFUSED;
            }
        }
        while (true) {
            int answer = lines.next(source, base, head.fields(), scan);
            if (answer == FieldLineDecoder.LINE) {
                Violation violation = FramingFields.onLine(head.fields(), scan);
                if (violation != null) {
                    return refuse(scan, violation);
                }
            } else if (answer == COMPLETE) {
                Violation violation = onEnd(head, requestMethod);
                return violation != null ? refuse(scan, violation) : COMPLETE;
            } else {
                return answer;
            }
        }
    }

    /** One step through the status line; at least one byte is there. */
    private int statusLine(ByteBuffer source, int base, int available, ResponseHead head) {
        HeadScan scan = head.scan();
        byte next = source.get(base + scan.scanOffset);
        return switch (scan.state) {
            case VERSION -> version(source, base, available, head);
            case STATUS -> status(next, head);
            case AFTER_STATUS -> afterStatus(next, scan);
            case REASON -> reason(source, base, available, scan);
            case START_LF ->
                next == '\n'
                        ? advance(scan, FieldLineDecoder.LINE_START, scan.scanOffset + 1)
                        : refuse(scan, Violation.BARE_CR);
            default -> REFUSED;
        };
    }

    private int version(ByteBuffer source, int base, int available, ResponseHead head) {
        HeadScan scan = head.scan();
        int at = scan.scanOffset;
        int lineEnd = at == 0 ? plainLine.take(source, base, base + available, head) : -1;
        if (lineEnd >= 0) {
            return advance(scan, FieldLineDecoder.LINE_START, lineEnd);
        }
        byte b = source.get(base + at);
        if (at == Version.LENGTH) {
            scan.partOffset = at + 1;
            return b == ' ' ? advance(scan, STATUS, at + 1) : refuse(scan, Violation.VERSION_INVALID);
        }
        Violation violation = Version.onByte(at, b);
        if (violation != null) {
            return refuse(scan, violation);
        }
        head.version(Version.ofMinor(b));
        return advance(scan, VERSION, at + 1);
    }

    private static int status(byte b, ResponseHead head) {
        HeadScan scan = head.scan();
        int i = scan.scanOffset - scan.partOffset;
        int digit = b - '0';
        if (digit < 0 || digit > 9 || i == 0 && (digit == 0 || digit > 5)) {
            return refuse(scan, Violation.STATUS_INVALID);
        }
        head.status(head.status() * 10 + digit);
        return advance(scan, i + 1 == STATUS_DIGITS ? AFTER_STATUS : STATUS, scan.scanOffset + 1);
    }

    private static int afterStatus(byte b, HeadScan scan) {
        return switch (b) {
            case ' ' -> advance(scan, REASON, scan.scanOffset + 1);
            case '\r' -> advance(scan, START_LF, scan.scanOffset + 1);
            case '\n' -> refuse(scan, Violation.BARE_LF);
            default -> refuse(scan, Violation.STATUS_INVALID);
        };
    }

    private int reason(ByteBuffer source, int base, int available, HeadScan scan) {
        int stop = base + Math.min(available, statusLineBytesMax + 1);
        int at = ByteScan.fieldValueEnd(source, base + scan.scanOffset, stop, false);
        while (at < stop && source.get(at) == '\t') {
            at = ByteScan.fieldValueEnd(source, at + 1, stop, false);
        }
        if (at == stop) {
            return at - base > statusLineBytesMax
                    ? refuse(scan, Violation.START_LINE_TOO_LONG)
                    : advance(scan, REASON, at - base);
        }
        byte b = source.get(at);
        if (b != '\r') {
            return refuse(scan, b == '\n' ? Violation.BARE_LF : Violation.REASON_INVALID);
        }
        return advance(scan, START_LF, at + 1 - base);
    }

    /** Judges the head as a whole. */
    private static @Nullable Violation onEnd(ResponseHead head, int requestMethod) {
        HeadScan scan = head.scan();
        boolean http11 = head.version() == HttpVersion.HTTP_1_1;
        boolean chunked = FramingFields.isChunked(scan);
        boolean hasLength = FramingFields.hasLength(scan);
        // An origin that names two ends for one message lets the next reader choose (RFC 9112 §6.1, §11.2).
        if (chunked && hasLength) {
            return Violation.LENGTH_AND_CODING;
        }
        if (chunked && !http11) {
            return Violation.TRANSFER_CODING_HTTP10;
        }
        if (chunked && (head.isInterim() || head.status() == 204)) {
            return Violation.TRANSFER_CODING_FORBIDDEN;
        }
        if (hasLength && head.isInterim()) {
            return Violation.CONTENT_LENGTH_FORBIDDEN;
        }
        BodyKind kind = bodyKind(head.status(), requestMethod, chunked, hasLength);
        // Many origins send "Content-Length: 0" with a 204, where it must not be (RFC 9110 §8.6): it is dropped.
        head.framing(kind, head.status() == 204 ? -1 : scan.contentLength);
        boolean keptAlive = http11 ? !scan.closeSeen : scan.keepAliveSeen && !scan.closeSeen;
        head.persistent(keptAlive && kind != BodyKind.UNTIL_CLOSE && !head.isSwitchingProtocols());
        return null;
    }

    /** RFC 9112 §6.3, in its order. */
    private static BodyKind bodyKind(int status, int requestMethod, boolean chunked, boolean hasLength) {
        if (requestMethod == Method.HEAD || status < 200 || status == 204 || status == 304) {
            return BodyKind.NONE;
        }
        if (chunked) {
            return BodyKind.CHUNKED;
        }
        return hasLength ? BodyKind.LENGTH : BodyKind.UNTIL_CLOSE;
    }

    private static int advance(HeadScan scan, int state, int offset) {
        scan.state = state;
        scan.scanOffset = offset;
        return NEED_MORE;
    }

    private static int refuse(HeadScan scan, Violation violation) {
        scan.violation = violation;
        return REFUSED;
    }
}
