package dev.headgate.http.h2;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import dev.headgate.http.Http1Limits.UnderscoreNames;
import dev.headgate.http.h1.UnderscoreAlias;
import dev.headgate.http.hpack.HpackName;
import dev.headgate.http.hpack.HpackSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the fields of one list as they are decoded, and judges each by itself (RFC 9113 §8.2, §8.3): heads and trailer
 * sections have that in common. What the list must have as a whole, {@link RequestRules} and {@link ResponseRules} say.
 *
 * <p>The first fault counts; behind it fields are let go. Crumbs of a cookie become one line (RFC 9113 §8.2.3).
 */
final class FieldCollector implements HpackSink {
    private static final byte[] TRAILERS = ascii("trailers");
    private static final byte[] CONTINUE = ascii("100-continue");
    private static final byte[] PRIORITY = ascii("priority");
    private static final int COOKIE_NAME_LENGTH = 6;
    private static final int MARKS_LENGTH = 4; // colon, space, CR, LF
    private static final int LENGTH_DIGITS_MAX = 19;

    /** Fields that speak of one connection, which HTTP/2 does without (RFC 9113 §8.2.2). */
    private static final long CONNECTION_IDS = 1L << Field.CONNECTION
            | 1L << Field.KEEP_ALIVE
            | 1L << Field.PROXY_CONNECTION
            | 1L << Field.TRANSFER_ENCODING
            | 1L << Field.UPGRADE;

    /** What a list is. */
    enum Kind {
        REQUEST(CONNECTION_IDS | 1L << Field.TE | 1L << Field.CONTENT_LENGTH | 1L << Field.HOST | 1L << Field.EXPECT),
        RESPONSE(CONNECTION_IDS | 1L << Field.TE | 1L << Field.CONTENT_LENGTH),
        /** What else may not stand there is left out later, and not believed before. */
        TRAILERS(CONNECTION_IDS | 1L << Field.TE);

        /** The fields whose values are looked at. */
        private final long judgedIds;

        Kind(long judgedIds) {
            this.judgedIds = judgedIds;
        }
    }

    private static final int PSEUDO_COUNT = HpackName.PROTOCOL - HpackName.AUTHORITY + 1;

    private final UnderscoreNames underscoreNames;
    private final int[] pseudoOffsets = new int[PSEUDO_COUNT];
    private final int[] pseudoLengths = new int[PSEUDO_COUNT];

    private FieldSection fields = new FieldSection();
    private ByteBuffer store = ByteBuffer.allocate(0);
    private Kind kind = Kind.REQUEST;
    private int pseudoSeen;
    private boolean isPastPseudo;
    private boolean isContinueExpected;
    private long contentLength;
    private int priority;
    private @Nullable Http2Violation violation;
    /** Behind the last field that is kept. */
    private int end;

    /** The line of cookies that was decoded last, or none; it is entered once something else follows. */
    private int cookieOffset;

    private int cookieLength;
    private boolean isCookieNeverIndexed;

    FieldCollector(UnderscoreNames underscoreNames) {
        this.underscoreNames = underscoreNames;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Begins a list whose lines go into {@code section}, which is bound to the store. */
    void start(FieldSection section, ByteBuffer bytes, Kind list) {
        fields = section;
        store = bytes;
        kind = list;
        pseudoSeen = 0;
        isPastPseudo = false;
        isContinueExpected = false;
        contentLength = Http2Stream.UNKNOWN_LENGTH;
        priority = Priority.UNSAID;
        violation = null;
        end = 0;
        cookieOffset = -1;
        section.bind(bytes, 0);
    }

    /** Ends the list; true when every field of it is in order. */
    boolean finish() {
        enterCookie();
        if (violation == null && fields.contains(Field.COOKIE)) {
            joinCookies();
        }
        return violation == null;
    }

    @Nullable
    Http2Violation violation() {
        return violation;
    }

    boolean refuse(Http2Violation what) {
        if (violation == null) {
            violation = what;
        }
        return false;
    }

    boolean has(int pseudo) {
        return (pseudoSeen >>> pseudo - HpackName.AUTHORITY & 1) != 0;
    }

    int offset(int pseudo) {
        return pseudoOffsets[pseudo - HpackName.AUTHORITY];
    }

    int length(int pseudo) {
        return pseudoLengths[pseudo - HpackName.AUTHORITY];
    }

    /** Whether the pseudo-header field has exactly this value. */
    boolean isValue(int pseudo, byte[] value) {
        if (length(pseudo) != value.length) {
            return false;
        }
        for (int i = 0; i < value.length; i++) {
            if (store.get(offset(pseudo) + i) != value[i]) {
                return false;
            }
        }
        return true;
    }

    long contentLength() {
        return contentLength;
    }

    boolean isContinueExpected() {
        return isContinueExpected;
    }

    int priority() {
        return priority;
    }

    /** Bytes of the store that are in use. */
    int end() {
        return end;
    }

    @Override
    public int onField(int id, int flags, int offset, int nameLength, int valueLength) {
        if (violation != null) {
            return offset;
        }
        if (id != Field.COOKIE) {
            enterCookie();
        }
        int lineEnd = offset + nameLength + valueLength + MARKS_LENGTH;
        boolean isKept = HpackName.isPseudo(id)
                ? onPseudo(id, flags, offset + nameLength + 2, valueLength)
                : onRegular(id, flags, offset, nameLength, valueLength);
        if (id == Field.COOKIE && isKept) {
            return end;
        }
        end = isKept ? lineEnd : offset;
        return end;
    }

    private boolean onPseudo(int id, int flags, int valueOffset, int valueLength) {
        if (kind == Kind.TRAILERS) {
            return refuse(Http2Violation.PSEUDO_IN_TRAILERS);
        }
        if (id == HpackName.OTHER_PSEUDO) {
            return refuse(Http2Violation.PSEUDO_UNKNOWN);
        }
        if (isPastPseudo) {
            return refuse(Http2Violation.PSEUDO_LATE);
        }
        if (has(id)) {
            return refuse(Http2Violation.PSEUDO_DUPLICATE);
        }
        if ((flags & VALUE_INVALID) != 0) {
            return refuse(Http2Violation.FIELD_VALUE_INVALID);
        }
        pseudoSeen |= 1 << id - HpackName.AUTHORITY;
        pseudoOffsets[id - HpackName.AUTHORITY] = valueOffset;
        pseudoLengths[id - HpackName.AUTHORITY] = valueLength;
        return true;
    }

    private boolean onRegular(int id, int flags, int offset, int nameLength, int valueLength) {
        isPastPseudo = true;
        if ((flags & NAME_INVALID) != 0) {
            return refuse(Http2Violation.FIELD_NAME_INVALID);
        }
        if ((flags & VALUE_INVALID) != 0) {
            return refuse(Http2Violation.FIELD_VALUE_INVALID);
        }
        if ((flags & NAME_UNDERSCORE) != 0 && !isUnderscoreKept(offset, nameLength)) {
            return false;
        }
        int valueOffset = offset + nameLength + 2;
        if (id == Field.COOKIE) {
            onCookie(flags, offset, valueOffset, valueLength);
            return true;
        }
        if ((kind.judgedIds >>> id & 1) != 0 && !judge(id, valueOffset, valueLength)) {
            return false;
        }
        if (id == Field.UNKNOWN && nameLength == PRIORITY.length && isPriority(offset)) {
            priority = Priority.parse(store, valueOffset, valueLength);
        }
        enter(id, flags, offset, nameLength, valueLength);
        return true;
    }

    private void enter(int id, int flags, int offset, int nameLength, int valueLength) {
        fields.append(offset, nameLength, offset + nameLength + 2, valueLength, id, true);
        if ((flags & NEVER_INDEXED) != 0) {
            fields.neverIndex(fields.count() - 1);
        }
    }

    private boolean isUnderscoreKept(int offset, int nameLength) {
        boolean isAlias = UnderscoreAlias.isAlias(store, offset, nameLength);
        return switch (underscoreNames) {
            case DROP -> !isAlias ? false : refuse(Http2Violation.FIELD_NAME_ALIAS);
            case REJECT -> refuse(Http2Violation.FIELD_NAME_UNDERSCORE);
            case ALLOW -> !isAlias || refuse(Http2Violation.FIELD_NAME_ALIAS);
        };
    }

    private boolean judge(int id, int valueOffset, int valueLength) {
        return switch (id) {
            case Field.CONTENT_LENGTH -> onContentLength(valueOffset, valueLength);
            case Field.HOST -> !fields.contains(Field.HOST) || refuse(Http2Violation.HOST_DUPLICATE);
            case Field.TE ->
                FieldSyntax.equalsIgnoreCase(store, valueOffset, valueLength, TRAILERS)
                        || refuse(Http2Violation.TE_INVALID);
            case Field.EXPECT -> onExpect(valueOffset, valueLength);
            default -> refuse(Http2Violation.CONNECTION_FIELD);
        };
    }

    private boolean onExpect(int valueOffset, int valueLength) {
        isContinueExpected = FieldSyntax.equalsIgnoreCase(store, valueOffset, valueLength, CONTINUE);
        return isContinueExpected || refuse(Http2Violation.EXPECT_UNKNOWN);
    }

    /** As strict as in HTTP/1.1: one field, with one number in its shortest form. */
    private boolean onContentLength(int offset, int length) {
        if (contentLength >= 0) {
            return refuse(Http2Violation.CONTENT_LENGTH_DUPLICATE);
        }
        contentLength = decimal(store, offset, length);
        return contentLength >= 0 || refuse(Http2Violation.CONTENT_LENGTH_INVALID);
    }

    private static long decimal(ByteBuffer source, int offset, int length) {
        if (length == 0 || length > LENGTH_DIGITS_MAX || length > 1 && source.get(offset) == '0') {
            return -1;
        }
        long value = 0;
        for (int i = offset; i < offset + length; i++) {
            int digit = source.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit; // 19 digits overflow into the sign
        }
        return value;
    }

    private boolean isPriority(int offset) {
        return FieldSyntax.equalsIgnoreCase(store, offset, PRIORITY.length, PRIORITY);
    }

    // Cookies

    /** The crumb moves to the end of the line that is just before it, if that is one of cookies; an empty one adds nothing. */
    private void onCookie(int flags, int offset, int valueOffset, int valueLength) {
        isCookieNeverIndexed |= (flags & NEVER_INDEXED) != 0;
        if (cookieOffset < 0) {
            isCookieNeverIndexed = (flags & NEVER_INDEXED) != 0;
            cookieOffset = offset;
            cookieLength = valueLength;
            end = valueOffset + valueLength + 2;
            return;
        }
        if (valueLength == 0) {
            return;
        }
        int at = end - 2;
        if (cookieLength > 0) {
            store.put(at, (byte) ';').put(at + 1, (byte) ' ');
            at += 2;
            cookieLength += 2;
        }
        store.put(at, store, valueOffset, valueLength);
        cookieLength += valueLength;
        end = at + valueLength + 2;
        store.put(end - 2, (byte) '\r').put(end - 1, (byte) '\n');
    }

    private void enterCookie() {
        if (cookieOffset >= 0) {
            int flags = isCookieNeverIndexed ? NEVER_INDEXED : 0;
            enter(Field.COOKIE, flags, cookieOffset, COOKIE_NAME_LENGTH, cookieLength);
            cookieOffset = -1;
        }
    }

    /**
     * Lines of cookies with others between them become one behind all, for which there is room: see HpackLimits. They are not kept beside
     * it, for the bytes are held as long as the request.
     */
    private void joinCookies() {
        int first = fields.find(Field.COOKIE);
        int second = fields.findNext(Field.COOKIE, first);
        if (second < 0) {
            return;
        }
        int offset = end;
        int start = offset + COOKIE_NAME_LENGTH + 2;
        int at = start;
        store.put(offset, store, fields.nameOffset(first), COOKIE_NAME_LENGTH + 2);
        boolean isNeverIndexed = false;
        for (int i = first; i >= 0; i = fields.findNext(Field.COOKIE, i)) {
            if (at > start && fields.valueLength(i) > 0) {
                store.put(at, (byte) ';').put(at + 1, (byte) ' ');
                at += 2;
            }
            store.put(at, store, fields.valueOffset(i), fields.valueLength(i));
            at += fields.valueLength(i);
            isNeverIndexed |= fields.isNeverIndexed(i);
        }
        store.put(at, (byte) '\r').put(at + 1, (byte) '\n');
        fields.removeAll(Field.COOKIE);
        int flags = isNeverIndexed ? NEVER_INDEXED : 0;
        enter(Field.COOKIE, flags, offset, COOKIE_NAME_LENGTH, at - start);
        end = fields.closeGaps(fields.nameOffset(first));
    }
}
