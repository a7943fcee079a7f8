package dev.headgate.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.route.ByteMap.Direction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteMapTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 100, 100_000})
    void findsEveryKeyAndNoOther(int count) {
        List<ByteMap.Entry> entries = IntStream.range(0, count)
                .mapToObj(i -> new ByteMap.Entry(i % 3, "key-" + i, i))
                .toList();
        ByteMap map = ByteMap.build(entries, Direction.FORWARD, new SeededChance(count));

        for (int i = 0; i < count; i++) {
            assertEquals(i, find(map, i % 3, "key-" + i));
            assertEquals(ByteMap.ABSENT, find(map, (i + 1) % 3, "key-" + i));
            assertEquals(ByteMap.ABSENT, find(map, i % 3, "kez-" + i));
        }
        assertEquals(ByteMap.ABSENT, find(map, 0, ""));
    }

    @Test
    void tellsTheEmptyKeyFromNone() {
        ByteMap map = ByteMap.build(List.of(new ByteMap.Entry(7, "", 1)), Direction.BACKWARD, new SeededChance(1));

        assertEquals(1, find(map, 7, ""));
        assertEquals(ByteMap.ABSENT, find(map, 8, ""));
    }

    @Test
    void spreadsOwnersOfEqualKeys() {
        List<ByteMap.Entry> entries = IntStream.range(0, 50_000)
                .mapToObj(owner -> new ByteMap.Entry(owner, "same", owner))
                .toList();
        ByteMap map = ByteMap.build(entries, Direction.FORWARD, new SeededChance(2));

        for (int owner = 0; owner < 50_000; owner++) {
            assertEquals(owner, find(map, owner, "same"));
        }
    }

    private static int find(ByteMap map, int owner, String key) {
        byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
        long hash = map.hashStart(owner);
        for (byte b : bytes) {
            hash = ByteHash.step(hash, b);
        }
        return map.find(owner, hash, ByteBuffer.wrap(bytes), 0, bytes.length);
    }
}
