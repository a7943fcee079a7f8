package dev.headgate.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class MessageBoundariesProperties {
    @Property(tries = 500)
    void isBetweenMessagesWhereOneEnds(@ForAll List<byte[]> messages, @ForAll byte flag, @ForAll long seed) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Set<Integer> ends = new HashSet<>(Set.of(0));
        for (byte[] message : messages) {
            all.writeBytes(
                    ByteBuffer.allocate(5).put(flag).putInt(message.length).array());
            all.writeBytes(message);
            ends.add(all.size());
        }
        ByteBuffer bytes = ByteBuffer.wrap(all.toByteArray());
        MessageBoundaries boundaries = new MessageBoundaries();
        Random random = new Random(seed);
        while (bytes.hasRemaining()) {
            int from = bytes.position();
            int to = from + 1 + random.nextInt(Math.min(bytes.remaining(), 1 + random.nextInt(64)));
            boundaries.pass(bytes.limit(to));
            assertEquals(from, bytes.position(), "bytes stay as they are");
            assertEquals(ends.contains(to), boundaries.isBetweenMessages(), () -> "at " + to);
            bytes.limit(bytes.capacity()).position(to);
        }
        assertTrue(boundaries.isBetweenMessages());
    }

    /** A length has all its 32 bits. */
    @Example
    void theLongestMessageEndsWithItsLastByte() {
        MessageBoundaries boundaries = new MessageBoundaries();
        boundaries.pass(ByteBuffer.allocate(5).putInt(1, -1));
        ByteBuffer piece = ByteBuffer.allocate(1 << 20);
        for (int i = 0; i < (1 << 12) - 1; i++) {
            boundaries.pass(piece);
        }
        boundaries.pass(piece.limit((1 << 20) - 2));
        assertFalse(boundaries.isBetweenMessages());
        assertEquals(0, piece.position());
        boundaries.pass(piece.limit(1));
        assertTrue(boundaries.isBetweenMessages());
    }
}
