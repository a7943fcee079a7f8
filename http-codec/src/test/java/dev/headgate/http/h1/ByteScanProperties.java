package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The eight-byte steps against plain byte loops. */
class ByteScanProperties {
    private static int fieldValueEndByByte(ByteBuffer source, int from, int to, boolean refuseObsText) {
        for (int i = from; i < to; i++) {
            int b = source.get(i) & 0xFF;
            if (b < 0x20 || b == 0x7F || b >= 0x80 && refuseObsText) {
                return i;
            }
        }
        return to;
    }

    private static int targetEndByByte(ByteBuffer source, int from, int to, boolean stopAtQuery) {
        for (int i = from; i < to; i++) {
            int b = source.get(i) & 0xFF;
            if (b <= 0x20 || b >= 0x7F || b == '#' || b == '?' && stopAtQuery) {
                return i;
            }
        }
        return to;
    }

    private static int colonByByte(ByteBuffer source, int from, int to) {
        for (int i = from; i < to; i++) {
            if (source.get(i) == ':') {
                return i;
            }
        }
        return to;
    }

    private static void sameAsByByte(byte[] bytes, int from) {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            ByteBuffer source =
                    ByteBuffer.allocateDirect(bytes.length).put(bytes).order(order);
            int start = Math.min(from, bytes.length);
            for (int end = start; end <= bytes.length; end++) {
                source.limit(end);
                for (boolean refuse : new boolean[] {true, false}) {
                    assertEquals(
                            fieldValueEndByByte(source, start, end, refuse),
                            ByteScan.fieldValueEnd(source, start, end, refuse));
                }
                assertEquals(targetEndByByte(source, start, end, true), ByteScan.pathEnd(source, start, end));
                assertEquals(colonByByte(source, start, end), ByteScan.colon(source, start, end));
                assertEquals(targetEndByByte(source, start, end, false), ByteScan.queryEnd(source, start, end));
            }
        }
    }

    @Property
    void agreesOnArbitraryBytes(@ForAll @Size(max = 40) byte[] bytes, @ForAll @IntRange(max = 9) int from) {
        sameAsByByte(bytes, from);
    }

    @Test
    void agreesOnEveryByteAtEveryPlaceAmongEveryNeighbour() {
        for (int place = 0; place < 8; place++) {
            for (int neighbour : new int[] {'a', 0x7E, 0x20, 0x80, 0xFF}) {
                for (int b = 0; b < 256; b++) {
                    var bytes = new byte[17];
                    java.util.Arrays.fill(bytes, (byte) neighbour);
                    bytes[place] = (byte) b;
                    sameAsByByte(bytes, 0);
                }
            }
        }
    }
}
