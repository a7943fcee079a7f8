package dev.headgate.http.h1;

import dev.headgate.http.FieldSyntax;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Violation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the framing of one chunked body (RFC 9112 §7.1).
 * <pre>
 *  ┌─> SIZE ──CR──> SIZE_LF ──size > 0──> DATA ──> DATA_CR ──> DATA_LF ─┐
 *  │    │ └─blank─> SIZE_BLANK       └────size = 0──> LAST (trailers follow)
 *  │    └──";"───────┴──";"──> EXTENSION_NAME ... ──CR──> SIZE_LF       │
 *  └────────────────────────────────────────────────────────────────────┘   any other byte: REFUSED
 * </pre>
 * Extensions are checked byte for byte and dropped (RFC 9112 §7.1.1): a quote that never closes, or a line end inside
 * one, is how a chunk is hidden from the next reader. Owned by one connection. Keeps no buffer, allocates nothing.
 */
final class ChunkedDecoder {
    private Http1Limits limits = Http1Limits.DEFAULTS;

    private State state = State.SIZE;
    private int sizeDigits;
    private long chunkRemainingBytes;
    private int lineBytes;
    private int extensionBytes; // over the whole body
    private boolean partBegun; // whether the extension's name or token value has a byte
    private @Nullable Violation violation; // set exactly when state is REFUSED

    private enum State {
        SIZE,
        SIZE_BLANK,
        EXTENSION_NAME,
        EXTENSION_NAME_BLANK,
        EXTENSION_VALUE,
        EXTENSION_TOKEN,
        EXTENSION_QUOTED,
        EXTENSION_ESCAPED,
        EXTENSION_END,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        LAST,
        REFUSED
    }

    void start(Http1Limits newLimits) {
        limits = newLimits;
        state = State.SIZE;
        sizeDigits = 0;
        chunkRemainingBytes = 0;
        lineBytes = 0;
        extensionBytes = 0;
        partBegun = false;
        violation = null;
    }

    /**
     * Consumes framing from {@code source}, which is lent for the call, until there is something to say.
     *
     * @return {@code DATA}: the next {@link #dataLength} bytes are body; {@code END}: the trailer section starts at the
     *         position; {@code NEED_MORE}; or {@code REFUSED}, see {@link #violation}
     */
    int decode(ByteBuffer source) {
        while (isInFraming() && source.hasRemaining()) {
            onFramingByte(source.get());
        }
        return switch (state) {
            case DATA -> source.hasRemaining() ? Decode.DATA : Decode.NEED_MORE;
            case LAST -> Decode.END;
            case REFUSED -> Decode.REFUSED;
            case SIZE,
                    SIZE_BLANK,
                    EXTENSION_NAME,
                    EXTENSION_NAME_BLANK,
                    EXTENSION_VALUE,
                    EXTENSION_TOKEN,
                    EXTENSION_QUOTED,
                    EXTENSION_ESCAPED,
                    EXTENSION_END,
                    SIZE_LF,
                    DATA_CR,
                    DATA_LF -> Decode.NEED_MORE;
        };
    }

    /** Bytes at the position that belong to the chunk. */
    int dataLength(ByteBuffer source) {
        return (int) Math.min(chunkRemainingBytes, source.remaining());
    }

    /** The caller has taken {@code length} bytes of the chunk. */
    void taken(int length) {
        assert length <= chunkRemainingBytes;
        chunkRemainingBytes -= length;
        if (chunkRemainingBytes == 0) {
            state = State.DATA_CR;
        }
    }

    @Nullable
    Violation violation() {
        return violation;
    }

    private boolean isInFraming() {
        return state != State.DATA && state != State.LAST && state != State.REFUSED;
    }

    private void onFramingByte(byte b) {
        switch (state) {
            case SIZE -> onSize(b);
            case SIZE_BLANK -> onSizeBlank(b);
            case EXTENSION_NAME -> onExtensionName(b);
            case EXTENSION_NAME_BLANK -> onExtensionNameBlank(b);
            case EXTENSION_VALUE -> onExtensionValue(b);
            case EXTENSION_TOKEN -> onExtensionToken(b);
            case EXTENSION_QUOTED -> onExtensionQuoted(b);
            case EXTENSION_ESCAPED -> onExtensionEscaped(b);
            case EXTENSION_END -> onExtensionEnd(b);
            case SIZE_LF -> onSizeLf(b);
            case DATA_CR -> become(b == '\r' ? State.DATA_LF : refuse(Violation.CHUNK_END_INVALID));
            case DATA_LF -> become(b == '\n' ? startLine() : refuse(Violation.CHUNK_END_INVALID));
            case DATA, LAST, REFUSED -> throw new AssertionError(state);
        }
    }

    private void onSize(byte b) {
        int digit = hexDigit(b);
        if (digit < 0) {
            onSizeEnd(b);
        } else if (sizeDigits == limits.chunkSizeDigits() || chunkRemainingBytes >>> 59 != 0) {
            // Sixteen digits reach beyond 63 bits: no length may ever turn negative.
            refuse(Violation.CHUNK_SIZE_OVERFLOW);
        } else {
            chunkRemainingBytes = chunkRemainingBytes << 4 | digit;
            sizeDigits++;
            lineBytes++;
        }
    }

    private void onSizeEnd(byte b) {
        if (sizeDigits == 0) {
            refuse(b == '\n' ? Violation.BARE_LF : Violation.CHUNK_SIZE_INVALID);
        } else if (b == '\r') {
            become(State.SIZE_LF);
        } else if (b == '\n') {
            refuse(Violation.BARE_LF);
        } else if (b == ';') {
            onExtensionStart();
        } else if (FieldSyntax.isBlank(b)) {
            countExtensionByte(State.SIZE_BLANK);
        } else {
            refuse(Violation.CHUNK_SIZE_INVALID);
        }
    }

    /** Blanks are borne before an extension only (RFC 9112 §7.1.1): a size that ends in one is refused. */
    private void onSizeBlank(byte b) {
        if (b == ';') {
            onExtensionStart();
        } else if (FieldSyntax.isBlank(b)) {
            countExtensionByte(State.SIZE_BLANK);
        } else {
            refuse(Violation.CHUNK_SIZE_INVALID);
        }
    }

    private void onExtensionStart() {
        partBegun = false;
        countExtensionByte(State.EXTENSION_NAME);
    }

    private void onExtensionName(byte b) {
        if (FieldSyntax.isTokenByte(b)) {
            partBegun = true;
            countExtensionByte(State.EXTENSION_NAME);
        } else if (FieldSyntax.isBlank(b)) {
            countExtensionByte(partBegun ? State.EXTENSION_NAME_BLANK : State.EXTENSION_NAME);
        } else if (partBegun) {
            onExtensionNameBlank(b);
        } else {
            refuse(Violation.CHUNK_EXTENSION_INVALID);
        }
    }

    private void onExtensionNameBlank(byte b) {
        if (b == '=') {
            partBegun = false;
            countExtensionByte(State.EXTENSION_VALUE);
        } else {
            onExtensionEnd(b);
        }
    }

    private void onExtensionValue(byte b) {
        if (b == '"') {
            countExtensionByte(State.EXTENSION_QUOTED);
        } else if (FieldSyntax.isBlank(b)) {
            countExtensionByte(State.EXTENSION_VALUE);
        } else if (FieldSyntax.isTokenByte(b)) {
            countExtensionByte(State.EXTENSION_TOKEN);
        } else {
            refuse(Violation.CHUNK_EXTENSION_INVALID);
        }
    }

    private void onExtensionToken(byte b) {
        if (FieldSyntax.isTokenByte(b)) {
            countExtensionByte(State.EXTENSION_TOKEN);
        } else {
            onExtensionEnd(b);
        }
    }

    private void onExtensionQuoted(byte b) {
        if (b == '"') {
            countExtensionByte(State.EXTENSION_END);
        } else if (b == '\\') {
            countExtensionByte(State.EXTENSION_ESCAPED);
        } else if (FieldSyntax.isValueByte(b)) {
            countExtensionByte(State.EXTENSION_QUOTED);
        } else {
            refuse(Violation.CHUNK_EXTENSION_INVALID);
        }
    }

    private void onExtensionEscaped(byte b) {
        if (FieldSyntax.isValueByte(b)) {
            countExtensionByte(State.EXTENSION_QUOTED);
        } else {
            refuse(Violation.CHUNK_EXTENSION_INVALID);
        }
    }

    /** Behind a name or a value: another extension, blanks before one, or the end of the line. */
    private void onExtensionEnd(byte b) {
        if (b == ';') {
            onExtensionStart();
        } else if (b == '\r' && state != State.EXTENSION_NAME_BLANK) {
            become(State.SIZE_LF);
        } else if (FieldSyntax.isBlank(b)) {
            countExtensionByte(state == State.EXTENSION_NAME_BLANK ? state : State.SIZE_BLANK);
        } else {
            refuse(b == '\n' ? Violation.BARE_LF : Violation.CHUNK_EXTENSION_INVALID);
        }
    }

    private void onSizeLf(byte b) {
        if (b != '\n') {
            refuse(Violation.BARE_CR);
        } else {
            become(chunkRemainingBytes == 0 ? State.LAST : State.DATA);
        }
    }

    private void countExtensionByte(State next) {
        lineBytes++;
        extensionBytes++;
        if (lineBytes > limits.chunkLineBytes()) {
            refuse(Violation.CHUNK_LINE_TOO_LONG);
        } else if (extensionBytes > limits.chunkExtensionBytes()) {
            refuse(Violation.CHUNK_EXTENSION_TOO_LONG);
        } else {
            become(next);
        }
    }

    private State startLine() {
        sizeDigits = 0;
        lineBytes = 0;
        return State.SIZE;
    }

    private State refuse(Violation newViolation) {
        violation = newViolation;
        become(State.REFUSED);
        return State.REFUSED;
    }

    private void become(State next) {
        state = next;
    }

    private static int hexDigit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int letter = b | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }
}
