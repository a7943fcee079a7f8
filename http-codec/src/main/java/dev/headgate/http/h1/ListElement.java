package dev.headgate.http.h1;

import dev.headgate.http.FieldSyntax;
import java.nio.ByteBuffer;

/** Walks comma-separated lists of tokens (RFC 9110 §5.6.1). */
final class ListElement {
    private ListElement() {}

    /** The index of the next comma, or {@code end}. */
    static int end(ByteBuffer source, int from, int end) {
        int at = from;
        while (at < end && source.get(at) != ',') {
            at++;
        }
        return at;
    }

    /** {@code from} moved past blanks. */
    static int trimStart(ByteBuffer source, int from, int end) {
        int at = from;
        while (at < end && FieldSyntax.isBlank(source.get(at))) {
            at++;
        }
        return at;
    }

    /** {@code end} moved back before blanks. */
    static int trimEnd(ByteBuffer source, int from, int end) {
        int at = end;
        while (at > from && FieldSyntax.isBlank(source.get(at - 1))) {
            at--;
        }
        return at;
    }
}
