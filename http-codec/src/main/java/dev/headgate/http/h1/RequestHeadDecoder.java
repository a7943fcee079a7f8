package dev.headgate.http.h1;

import static dev.headgate.http.h1.Decode.COMPLETE;
import static dev.headgate.http.h1.Decode.NEED_MORE;
import static dev.headgate.http.h1.Decode.REFUSED;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import dev.headgate.http.HeadScan;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.http.TargetForm;
import dev.headgate.http.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Decodes request heads (RFC 9112 §3, §5, §6), strictly: what two readers could understand in two ways is refused.
 * <pre>
 *  START ──byte──> METHOD ──SP──> TARGET ──SP──> VERSION ──CR──> START_LF ──LF──> field lines
 *   │ ^                                             └── whole and "HTTP/1.1" CRLF ────┘
 *   CR└LF── EMPTY_LF
 * </pre>
 * Keeps nothing between calls: one decoder serves every connection of a listener, progress lies in the head.
 */
public final class RequestHeadDecoder {
    private static final int START = 0;
    private static final int EMPTY_LF = 1;
    private static final int METHOD = 2;
    private static final int TARGET = 3;
    private static final int VERSION = 4;
    private static final int START_LF = 5;

    private static final byte[] CONTINUE = "100-continue".getBytes(StandardCharsets.US_ASCII);
    private static final long WANTED_IDS = FramingFields.IDS | 1L << Field.HOST | 1L << Field.EXPECT;

    /** Token bytes but for lower-case letters: no registered method has any, and {@code get} is not {@code GET}. */
    private static final boolean[] METHOD_BYTE = new boolean[256];

    static {
        for (int c = 0; c < 256; c++) {
            METHOD_BYTE[c] = FieldSyntax.isTokenByte((byte) c) && !(c >= 'a' && c <= 'z');
        }
    }

    private final int requestLineBytesMax;
    private final int headBytesMax;
    private final int methodBytesMax;
    private final int emptyLineCountMax;
    private final PlainRequestLine plainLine;
    private final FieldLineDecoder lines;

    /** A decoder with these limits. */
    public RequestHeadDecoder(Http1Limits limits) {
        this.requestLineBytesMax = limits.requestLineBytes();
        this.headBytesMax = limits.headBytes();
        this.methodBytesMax = limits.methodBytes();
        this.emptyLineCountMax = limits.leadingCrlfCount();
        this.plainLine = new PlainRequestLine(limits);
        this.lines = FieldLineDecoder.ofHead(limits, WANTED_IDS);
    }

    /**
     * Goes on with the head whose first byte is at {@code source}'s position. The buffer is lent: the same bytes must be
     * there again at the next call, with more behind them, but may lie elsewhere.
     *
     * @param head cleared before the first call for a head, and untouched until it is complete
     * @return {@link Decode#COMPLETE}, the position being just behind the head; {@link Decode#NEED_MORE}, the position
     *         unchanged; or {@link Decode#REFUSED}, see {@link RequestHead#violation()}, after which the head holds what
     *         was understood before the fault
     */
    public int decode(ByteBuffer source, RequestHead head) {
        int base = source.position();
        HeadScan scan = head.scan();
        FieldSection fields = head.fields();
        fields.bind(source, base);
        int answer = scan.violation == null ? run(source, base, head) : REFUSED;
        if (answer == NEED_MORE) {
            fields.unbind();
        } else if (answer == COMPLETE) {
            head.headLength(scan.scanOffset);
            source.position(base + scan.scanOffset);
        }
        return answer;
    }

    private int run(ByteBuffer source, int base, RequestHead head) {
        HeadScan scan = head.scan();
        int available = Math.min(source.limit() - base, headBytesMax);
        while (scan.state < FieldLineDecoder.LINE_START) {
            if (scan.scanOffset == available) {
                return available == headBytesMax ? refuse(scan, Violation.HEAD_TOO_LARGE) : NEED_MORE;
            }
            if (startLine(source, base, available, head) == REFUSED) {
                return REFUSED;
            }
        }
        while (true) {
            int answer = lines.next(source, base, head.fields(), scan);
            if (answer == FieldLineDecoder.LINE) {
                Violation violation = onLine(base, head);
                if (violation != null) {
                    return refuse(scan, violation);
                }
            } else if (answer == COMPLETE) {
                Violation violation = onEnd(head);
                return violation != null ? refuse(scan, violation) : COMPLETE;
            } else {
                return answer;
            }
        }
    }

    /** One step through the start line; at least one byte is there. */
    private int startLine(ByteBuffer source, int base, int available, RequestHead head) {
        HeadScan scan = head.scan();
        return switch (scan.state) {
            case START -> start(source, base, available, head);
            case EMPTY_LF -> emptyLf(source, base, scan);
            case METHOD -> method(source, base, available, head);
            case TARGET -> target(source, base, available, head);
            case VERSION -> version(source, base, available, head);
            case START_LF -> startLf(source, base, scan);
            default -> REFUSED;
        };
    }

    private int start(ByteBuffer source, int base, int available, RequestHead head) {
        HeadScan scan = head.scan();
        int lineEnd = plainLine.take(source, base, base + available, head);
        if (lineEnd >= 0) {
            return advance(scan, FieldLineDecoder.LINE_START, lineEnd);
        }
        byte b = source.get(base + scan.scanOffset);
        if (b == '\r') {
            // Some clients end a body with a line end too many (RFC 9112 §2.2); a flood of them is no request.
            return scan.emptyLineCount == emptyLineCountMax
                    ? refuse(scan, Violation.LEADING_EMPTY_LINES)
                    : advance(scan, EMPTY_LF, scan.scanOffset + 1);
        }
        if (b == '\n') {
            return refuse(scan, Violation.BARE_LF);
        }
        scan.lineOffset = scan.scanOffset;
        return advance(scan, METHOD, scan.scanOffset);
    }

    private static int emptyLf(ByteBuffer source, int base, HeadScan scan) {
        if (source.get(base + scan.scanOffset) != '\n') {
            return refuse(scan, Violation.BARE_CR);
        }
        scan.emptyLineCount++;
        return advance(scan, START, scan.scanOffset + 1);
    }

    private int method(ByteBuffer source, int base, int available, RequestHead head) {
        HeadScan scan = head.scan();
        int start = scan.lineOffset;
        int stop = Math.min(available, start + methodBytesMax + 1);
        int at = scan.scanOffset;
        while (at < stop && METHOD_BYTE[source.get(base + at) & 0xFF]) {
            at++;
        }
        if (at == stop) {
            return at - start > methodBytesMax ? refuse(scan, Violation.METHOD_TOO_LONG) : advance(scan, METHOD, at);
        }
        if (at == start || source.get(base + at) != ' ') {
            return refuse(scan, Violation.METHOD_INVALID);
        }
        head.method(Method.idOf(source, base + start, at - start), start, at - start);
        scan.partOffset = at + 1;
        return advance(scan, TARGET, at + 1);
    }

    private int target(ByteBuffer source, int base, int available, RequestHead head) {
        HeadScan scan = head.scan();
        int stop = base + Math.min(available, scan.lineOffset + requestLineBytesMax + 1);
        int at = base + scan.scanOffset;
        if (scan.queryOffset == 0) {
            at = ByteScan.pathEnd(source, at, stop);
            if (at < stop && source.get(at) == '?') {
                at++;
                scan.queryOffset = at - base;
            }
        }
        if (scan.queryOffset != 0) {
            at = ByteScan.queryEnd(source, at, stop);
        }
        if (at == stop) {
            return outOfLine(scan, TARGET, at - base);
        }
        byte b = source.get(at);
        if (b != ' ') {
            return refuse(
                    scan,
                    b == '#'
                            ? Violation.TARGET_FRAGMENT
                            : b == '\r' || b == '\n' ? Violation.VERSION_MISSING : Violation.TARGET_INVALID);
        }
        Violation violation = TargetDecoder.onTarget(source, base, at, head);
        if (violation != null) {
            return refuse(scan, violation);
        }
        scan.partOffset = at + 1 - base;
        return advance(scan, VERSION, at + 1 - base);
    }

    private int version(ByteBuffer source, int base, int available, RequestHead head) {
        HeadScan scan = head.scan();
        int stop = Math.min(available, scan.lineOffset + requestLineBytesMax + 1);
        int at = scan.scanOffset;
        if (at == scan.partOffset && Version.isHttp11Line(source, base + at, base + stop)) {
            head.version(HttpVersion.HTTP_1_1);
            return advance(scan, START_LF, at + Version.LENGTH + 1);
        }
        for (; at < stop; at++) {
            byte b = source.get(base + at);
            int i = at - scan.partOffset;
            if (i < Version.LENGTH) {
                Violation violation = Version.onByte(i, b);
                if (violation != null) {
                    return refuse(scan, violation);
                }
                head.version(Version.ofMinor(b));
            } else if (b == '\r') {
                return advance(scan, START_LF, at + 1);
            } else {
                return refuse(scan, b == '\n' ? Violation.BARE_LF : Violation.VERSION_INVALID);
            }
        }
        return outOfLine(scan, VERSION, at);
    }

    private static int startLf(ByteBuffer source, int base, HeadScan scan) {
        return source.get(base + scan.scanOffset) == '\n'
                ? advance(scan, FieldLineDecoder.LINE_START, scan.scanOffset + 1)
                : refuse(scan, Violation.BARE_CR);
    }

    /** Takes in the last field, one of those wanted. */
    private static @Nullable Violation onLine(int base, RequestHead head) {
        FieldSection fields = head.fields();
        int i = fields.count() - 1;
        return switch (fields.id(i)) {
            case Field.HOST -> onHost(base, head, fields, i);
            case Field.EXPECT -> onExpect(head.scan(), fields, i);
            default -> FramingFields.onLine(fields, head.scan());
        };
    }

    private static @Nullable Violation onHost(int base, RequestHead head, FieldSection fields, int i) {
        HeadScan scan = head.scan();
        if ((scan.seen >>> Field.HOST & 1) != 0) {
            return Violation.HOST_DUPLICATE;
        }
        scan.seen |= 1L << Field.HOST;
        int offset = fields.valueOffset(i);
        long parsed = HostSyntax.parse(fields.bytes(), offset, fields.valueLength(i));
        if (parsed == HostSyntax.INVALID) {
            return Violation.HOST_INVALID;
        }
        if (head.targetForm() == TargetForm.ABSOLUTE) {
            // RFC 9112 §3.2.2 lets the target win; a client that names two hosts is refused instead of half-believed.
            return TargetDecoder.isSameAuthority(head, fields.bytes(), offset, parsed)
                    ? null
                    : Violation.TARGET_HOST_MISMATCH;
        }
        head.authority(offset - base, HostSyntax.authorityLength(parsed, fields.valueLength(i)));
        head.host(offset - base, HostSyntax.hostLength(parsed), HostSyntax.port(parsed));
        return null;
    }

    private static @Nullable Violation onExpect(HeadScan scan, FieldSection fields, int i) {
        if (!fields.valueEqualsIgnoreCase(i, CONTINUE)) {
            return Violation.EXPECT_UNKNOWN;
        }
        scan.continueSeen = true;
        return null;
    }

    /** Judges the head as a whole. */
    private static @Nullable Violation onEnd(RequestHead head) {
        HeadScan scan = head.scan();
        boolean http11 = head.version() == HttpVersion.HTTP_1_1;
        boolean chunked = FramingFields.isChunked(scan);
        if (http11 && (scan.seen >>> Field.HOST & 1) == 0) {
            return Violation.HOST_MISSING;
        }
        // Refused before a length is believed: a message that carries both is how requests are smuggled past a proxy
        // whose origin believes the other one (RFC 9112 §6.1, §11.2).
        if (chunked && FramingFields.hasLength(scan)) {
            return Violation.LENGTH_AND_CODING;
        }
        if (chunked && !http11) {
            return Violation.TRANSFER_CODING_HTTP10;
        }
        BodyKind kind = chunked ? BodyKind.CHUNKED : FramingFields.hasLength(scan) ? BodyKind.LENGTH : BodyKind.NONE;
        head.framing(kind, scan.contentLength);
        boolean hasContent = chunked || scan.contentLength > 0;
        // An HTTP/1.0 client's expectation is ignored (RFC 9110 §10.1.1), and one without content waits for nothing. A
        // proxy keeps no connection to an HTTP/1.0 client (RFC 9112 §9.3).
        head.connection(http11 && !scan.closeSeen, http11 && scan.continueSeen && hasContent);
        return null;
    }

    private int outOfLine(HeadScan scan, int state, int offset) {
        return offset - scan.lineOffset > requestLineBytesMax
                ? refuse(scan, Violation.START_LINE_TOO_LONG)
                : advance(scan, state, offset);
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
