package dev.headgate.http.hpack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The ring against a list: the same entries with the same bytes, whatever comes and goes. */
class DynamicTableProperties {
    record Entry(int id, int nameLength, byte[] line) {
        int size() {
            return line.length - DynamicTable.LINE_OVERHEAD + DynamicTable.ENTRY_OVERHEAD;
        }
    }

    /** Positive numbers are lengths of values to add, negative ones new sizes. */
    @Property
    void theRingIsAList(
            @ForAll @IntRange(max = 600) int size,
            @ForAll @Size(max = 120) List<@IntRange(min = -1500, max = 1500) Integer> steps) {
        var table = new DynamicTable(size);
        Deque<Entry> model = new ArrayDeque<>();
        int maxBytes = size;
        int number = 0;
        for (int step : steps) {
            if (step < -1440) {
                maxBytes = (step + 1500) * 10;
                table.maxBytes(maxBytes);
            } else {
                add(table, model, maxBytes, ++number, Math.abs(step) % 40);
            }
            while (bytes(model) > maxBytes) {
                model.removeLast();
            }
            assertEquals(model.size(), table.count());
            assertEquals(bytes(model), table.sizeBytes());
            assertTrue(table.bytes().length <= 2 * 600);
            int age = 0;
            for (Entry entry : model) {
                check(entry, table, age++);
            }
        }
    }

    private static void add(DynamicTable table, Deque<Entry> model, int maxBytes, int number, int valueLength) {
        int nameLength = number % 7;
        byte[] line = new byte[nameLength + valueLength + DynamicTable.LINE_OVERHEAD];
        Arrays.fill(line, (byte) number);
        var entry = new Entry(number % 71, nameLength, line);
        int at = table.add(nameLength, valueLength, entry.id(), number % 16);
        assertEquals(entry.size() <= maxBytes, at >= 0);
        model.addFirst(entry);
        if (at >= 0) {
            System.arraycopy(line, 0, table.bytes(), at, line.length);
        } else {
            model.clear();
        }
    }

    private static int bytes(Deque<Entry> model) {
        return model.stream().mapToInt(Entry::size).sum();
    }

    private static void check(Entry entry, DynamicTable table, int age) {
        assertEquals(entry.id(), table.id(age));
        assertEquals(entry.nameLength(), table.nameLength(age));
        int offset = table.offset(age);
        int length = table.nameLength(age) + table.valueLength(age) + DynamicTable.LINE_OVERHEAD;
        assertArrayEquals(entry.line(), Arrays.copyOfRange(table.bytes(), offset, offset + length));
    }
}
