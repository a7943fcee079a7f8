package dev.headgate.forward;

import dev.headgate.engine.HotPath;
import dev.headgate.http.FieldSyntax;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads one {@code Forwarded} line (RFC 7239 §4) and remembers where the {@code for} parameters of its last elements
 * are.
 *
 * <pre>
 * line    = [ element ] *( OWS "," OWS [ element ] )
 * element = [ pair ] *( OWS ";" OWS [ pair ] )          OWS around ";" is tolerated: it cannot be misread
 * pair    = token "=" ( token / quoted-string )
 * </pre>
 *
 * Reusable scratch space, owned by its caller; keeps no buffer.
 */
@HotPath
final class ForwardedReader {
    /** How many elements of a line are remembered: the last ones, since a walk starts at the end. */
    static final int ELEMENTS_MAX = 50;

    private static final byte[] FOR = "for".getBytes(StandardCharsets.US_ASCII);
    private static final int NO_NODE = -1;
    private static final int NO_VALUE = -1;

    private final int[] nodeOffsets = new int[ELEMENTS_MAX];
    private final int[] nodeEnds = new int[ELEMENTS_MAX];
    private int elements; // of the whole line; element i lies in slot i modulo ELEMENTS_MAX

    private int at; // cursor
    private int nodeOffset; // of the element being read
    private int nodeEnd;

    /** Reads the line that fills {@code offset … end}; false when it is malformed or an element has two {@code for}. */
    boolean read(ByteBuffer bytes, int offset, int end) {
        elements = 0;
        at = offset;
        while (readElement(bytes, end)) {
            if (at == end) {
                return true;
            }
            if (bytes.get(at++) != ',') {
                return false;
            }
        }
        return false;
    }

    /** How many elements the line has; of more than {@link #ELEMENTS_MAX} the first are forgotten. */
    int elements() {
        return elements;
    }

    /** Start of the node that element {@code i} names, without quotes; behind {@link #nodeEnd} when it names none. */
    int nodeOffset(int i) {
        return nodeOffsets[i % ELEMENTS_MAX];
    }

    int nodeEnd(int i) {
        return nodeEnds[i % ELEMENTS_MAX];
    }

    private boolean readElement(ByteBuffer bytes, int end) {
        nodeOffset = NO_NODE;
        nodeEnd = NO_NODE;
        boolean isEmpty = true;
        skipBlanks(bytes, end);
        while (at < end && bytes.get(at) != ',') {
            if (bytes.get(at) == ';') {
                at++;
            } else if (readPair(bytes, end)) {
                isEmpty = false;
            } else {
                return false;
            }
            skipBlanks(bytes, end);
        }
        if (!isEmpty) { // empty elements do not count (RFC 9110 §5.6.1.2)
            nodeOffsets[elements % ELEMENTS_MAX] = nodeOffset;
            nodeEnds[elements % ELEMENTS_MAX] = nodeEnd;
            elements++;
        }
        return true;
    }

    private boolean readPair(ByteBuffer bytes, int end) {
        int name = at;
        int nameEnd = skipToken(bytes, end);
        if (nameEnd == NO_VALUE || at == end || bytes.get(at++) != '=') {
            return false;
        }
        boolean isQuoted = at < end && bytes.get(at) == '"';
        int valueOffset = isQuoted ? at + 1 : at;
        int valueEnd = isQuoted ? skipQuoted(bytes, end) : skipToken(bytes, end);
        if (valueEnd == NO_VALUE || !isAtDelimiter(bytes, end)) {
            return false;
        }
        return !FieldSyntax.equalsIgnoreCase(bytes, name, nameEnd - name, FOR) || rememberNode(valueOffset, valueEnd);
    }

    private boolean rememberNode(int offset, int end) {
        if (nodeOffset != NO_NODE) {
            return false;
        }
        nodeOffset = offset;
        nodeEnd = end;
        return true;
    }

    // Two pairs need a delimiter between them.
    private boolean isAtDelimiter(ByteBuffer bytes, int end) {
        skipBlanks(bytes, end);
        return at == end || bytes.get(at) == ';' || bytes.get(at) == ',';
    }

    // Leaves the cursor behind the token and returns where that is.
    private int skipToken(ByteBuffer bytes, int end) {
        int start = at;
        while (at < end && FieldSyntax.isTokenByte(bytes.get(at))) {
            at++;
        }
        return at == start ? NO_VALUE : at;
    }

    // Leaves the cursor behind the closing quote and returns where the value ends. An escaped byte stays escaped in the
    // value: no address has one.
    private int skipQuoted(ByteBuffer bytes, int end) {
        for (at++; at < end; at++) {
            if (bytes.get(at) == '"') {
                return at++;
            }
            if (bytes.get(at) == '\\') {
                at++;
            }
        }
        at = end;
        return NO_VALUE;
    }

    private void skipBlanks(ByteBuffer bytes, int end) {
        while (at < end && FieldSyntax.isBlank(bytes.get(at))) {
            at++;
        }
    }
}
