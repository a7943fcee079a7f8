package dev.headgate.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Known names are found whatever their case, and nothing else is. */
class FieldTest {
    private static int idOf(byte[] name) {
        int exact = Field.idOf(ByteBuffer.wrap(name), 0, name.length);
        ByteBuffer roomy = ByteBuffer.allocateDirect(name.length + 20).put(5, name);
        assertEquals(exact, Field.idOf(roomy, 5, name.length));
        return exact;
    }

    @Test
    void findsEveryNameInEveryCase() {
        for (int id = 1; id <= Field.LAST; id++) {
            String name = Wire.script(Field.wireName(id));
            assertEquals(id, Field.idOf(name));
            assertEquals(id, idOf(Wire.bytes(name.toUpperCase(Locale.ROOT))));
            assertEquals(id, idOf(Wire.bytes(name.toLowerCase(Locale.ROOT))));
            assertEquals(name.toLowerCase(Locale.ROOT), Wire.script(Field.lowerName(id)));
            assertTrue(FieldSyntax.isToken(Field.wireName(id)));
        }
        assertEquals(62, Field.LAST);
    }

    @Test
    void findsNoNameThatDiffersInOneBit() {
        for (int id = 1; id <= Field.LAST; id++) {
            for (int bit = 0; bit < 8 * Field.wireName(id).length; bit++) {
                byte[] name = Field.lowerName(id).clone();
                byte before = name[bit / 8];
                name[bit / 8] ^= (byte) (1 << (bit & 7));
                boolean caseOnly = (bit & 7) == 5 && before >= 'a' && before <= 'z';
                assertEquals(caseOnly ? id : Field.UNKNOWN, idOf(name), () -> Wire.script(name));
            }
        }
    }

    @Test
    void findsNoNameThatIsLongerOrShorter() {
        for (int id = 1; id <= Field.LAST; id++) {
            String name = Wire.script(Field.lowerName(id));
            assertEquals(Field.UNKNOWN, Field.idOf(name + "x"));
            assertEquals(Field.UNKNOWN, Field.idOf("x" + name.substring(1) + "\u0000"));
            assertEquals(Field.UNKNOWN, Field.idOf(name.substring(1)));
        }
        assertEquals(Field.UNKNOWN, Field.idOf(""));
        assertEquals(Field.UNKNOWN, Field.idOf("a"));
    }

    @Property
    void agreesWithASearch(@ForAll @Size(max = 30) byte[] bytes, @ForAll @IntRange(min = 1, max = 62) int id) {
        byte[] name = Field.lowerName(id).clone();
        System.arraycopy(bytes, 0, name, 0, Math.min(bytes.length, name.length) / 4);
        int expected = Field.UNKNOWN;
        for (int other = 1; other <= Field.LAST; other++) {
            if (FieldSyntax.equalsIgnoreCase(ByteBuffer.wrap(name), 0, name.length, Field.lowerName(other))) {
                expected = other;
            }
        }
        assertEquals(expected, idOf(name));
    }

    @Test
    void knowsMethods() {
        for (int id = Method.GET; id <= Method.PATCH; id++) {
            byte[] name = Wire.bytes(Method.name(id));
            assertEquals(id, Method.idOf(ByteBuffer.wrap(name), 0, name.length));
            assertEquals(id, Method.idOf(Method.name(id)));
            name[0] |= 0x20;
            assertEquals(Method.OTHER, Method.idOf(ByteBuffer.wrap(name), 0, name.length));
        }
        assertEquals(Method.OTHER, Method.idOf("BREW"));
        assertTrue(Method.isSafe(Method.HEAD));
        assertFalse(Method.isSafe(Method.PUT));
        assertTrue(Method.isIdempotent(Method.PUT));
        assertFalse(Method.isIdempotent(Method.POST));
        assertFalse(Method.isIdempotent(Method.OTHER));
    }
}
