package dev.headgate.forward;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;

/** What a field line costs in the store of a section. */
final class FieldLine {
    private static final int PUNCTUATION = 4; // colon, space, CR, LF

    private FieldLine() {}

    /** Bytes of a line with a known name, its value aside. */
    static int ofKnown(int id) {
        return ofName(Field.wireName(id).length);
    }

    /** Bytes of a line with a name of this length, its value aside. */
    static int ofName(int nameLength) {
        return nameLength + PUNCTUATION;
    }

    /** Bytes that the store has left. */
    static int room(FieldSection fields) {
        return fields.bytes().capacity() - fields.appendOffset();
    }
}
