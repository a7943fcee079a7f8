package dev.headgate.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FieldSectionTest {
    private final FieldSection fields = new FieldSection();

    private void add(String name, String value) {
        assertTrue(fields.add(Wire.bytes(name), Wire.bytes(value)));
    }

    @Test
    void findsByNumberAndByName() {
        fields.startIn(ByteBuffer.allocate(500));
        add("X-One", "1");
        add("VIA", "2");
        add("x-one", "3");
        add("Via", "4");
        assertEquals(1, fields.find(Field.VIA));
        assertEquals(3, fields.findNext(Field.VIA, 1));
        assertEquals(-1, fields.findNext(Field.VIA, 3));
        assertEquals(-1, fields.find(Field.HOST));
        assertEquals(0, fields.find(Wire.bytes("x-one")));
        assertEquals(2, fields.findNext(Wire.bytes("x-one"), 0));
        assertEquals(-1, fields.find(Wire.bytes("x-two")));
        assertTrue(fields.valueEqualsIgnoreCase(0, Wire.bytes("1")));
        assertEquals("X-One: 1\nVIA: 2\nx-one: 3\nVia: 4\n", fields.toString());
    }

    @Test
    void remembersWhatIsPresentAcrossRemovals() {
        fields.startIn(ByteBuffer.allocate(500));
        add("Via", "1");
        add("Via", "2");
        add("Cookie", "3");
        fields.remove(0);
        assertTrue(fields.contains(Field.VIA));
        assertFalse(fields.isLive(0));
        fields.remove(0);
        assertTrue(fields.contains(Field.VIA));
        fields.remove(1);
        assertFalse(fields.contains(Field.VIA));
        assertEquals(-1, fields.find(Field.VIA));
        fields.removeAll(Wire.bytes("cookie"));
        assertFalse(fields.contains(Field.COOKIE));
        assertEquals(3, fields.count());
        add("Via", "4");
        assertEquals(3, fields.find(Field.VIA));
    }

    @Test
    void removesAllOfAName() {
        fields.startIn(ByteBuffer.allocate(500));
        add("X-A", "1");
        add("x-a", "2");
        add("X-AB", "3");
        add("Via", "4");
        add("via", "5");
        fields.removeAll(ByteBuffer.wrap(Wire.bytes("?X-a?")), 1, 3);
        fields.removeAll(Field.VIA);
        assertEquals("X-AB: 3\n", fields.toString());
    }

    @Test
    void takesExactlyWhatTheStoreHasRoomFor() {
        for (int room = 0; room < 20; room++) {
            fields.startIn(ByteBuffer.allocate(room));
            boolean fits = room >= "Via: 1234\r\n".length();
            assertEquals(fits, fields.add(Field.VIA, Wire.bytes("x1234"), 1, 4));
            assertEquals(fits ? 1 : 0, fields.count());
            assertEquals(fits ? 11 : 0, fields.appendOffset());
            ByteBuffer value = fields.beginAdd(Field.DATE);
            assertEquals(Math.max(0, room - fields.appendOffset() - "Date: \r\n".length()), value.remaining());
            assertEquals(room - fields.appendOffset() >= "Date: \r\n".length(), fields.endAdd());
        }
    }

    @Test
    void growsAndIsReused() {
        for (int round = 0; round < 2; round++) {
            fields.startIn(ByteBuffer.allocate(20_000));
            for (int i = 0; i < 1_000; i++) {
                add("X-" + i, "v" + i);
            }
            assertEquals("v999", fields.value(999));
            assertEquals("X-0", fields.name(0));
            assertEquals(1_000, fields.count());
            fields.clear();
            assertEquals(0, fields.count());
            assertEquals(0, fields.presentMask());
        }
    }

    @Test
    void refusesAdditionsToALentBuffer() {
        fields.bind(ByteBuffer.wrap(Wire.bytes("Via: 1␍␊")), 0);
        fields.append(0, 3, 5, 1, Field.VIA, true);
        assertThrows(IllegalStateException.class, () -> fields.add(Field.VIA, new byte[1], 0, 1));
        fields.remove(0);
        assertFalse(fields.contains(Field.VIA));
    }

    @Test
    void shortensAValueAndNothingElse() {
        fields.startIn(ByteBuffer.allocate(500));
        add("Cookie", "a=1; b=2");
        add("Via", "x");
        fields.shortenValue(0, 3);
        assertEquals("Cookie: a=1\nVia: x\n", fields.toString());
        assertEquals(Field.COOKIE, fields.id(0));
        assertTrue(fields.isLive(0));
        assertFalse(fields.isCanonicalLine(0), "it does not end where its bytes do");
        assertTrue(fields.isCanonicalLine(1));
        assertThrows(IllegalArgumentException.class, () -> fields.shortenValue(0, 4));
    }
}
