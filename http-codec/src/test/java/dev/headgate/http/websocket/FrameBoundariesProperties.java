package dev.headgate.http.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headgate.testkit.WebSocketFrames;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Any split of a stream of frames has the same boundaries: those that its maker knows. */
class FrameBoundariesProperties {
    @Provide
    Arbitrary<byte[]> frames() {
        Arbitrary<Integer> lengths =
                Arbitraries.oneOf(Arbitraries.integers().between(0, 10), Arbitraries.of(125, 126, 127, 300, 65536));
        return Combinators.combine(
                        Arbitraries.of(WebSocketFrames.TEXT, WebSocketFrames.CONTINUATION, WebSocketFrames.PING, 0xF2),
                        Arbitraries.of(true, false),
                        lengths,
                        Arbitraries.of(0, 2, 8))
                .as((first, masked, length, form) -> {
                    int bounded = first == WebSocketFrames.PING ? length % 126 : length;
                    boolean fits =
                            form == 0 ? bounded < 126 : form == 2 ? bounded < 1 << 16 : first != WebSocketFrames.PING;
                    return fits && (form == 0 || first != WebSocketFrames.PING)
                            ? WebSocketFrames.frame(first, masked, bounded, form)
                            : WebSocketFrames.frame(first, masked, bounded);
                });
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void boundariesDoNotDependOnHowBytesArrive(
            @ForAll @Size(max = 8) List<@From("frames") byte[]> frames, @ForAll long seed) {
        var stream = new ByteArrayOutputStream();
        List<Integer> ends = new ArrayList<>(List.of(0));
        for (byte[] frame : frames) {
            stream.writeBytes(frame);
            ends.add(stream.size());
        }
        assertEquals(ends, boundaries(stream.toByteArray(), new Random(seed)));
    }

    /** Every boundary, found by pieces of random lengths. */
    private static List<Integer> boundaries(byte[] stream, Random random) {
        var followed = new FrameBoundaries();
        List<Integer> found = new ArrayList<>();
        int at = 0;
        while (true) {
            int length = Math.min(stream.length - at, random.nextInt(random.nextBoolean() ? 4 : 5000));
            int step = followed.passToBoundary(ByteBuffer.wrap(stream, at, length));
            at += step < 0 ? length : step;
            if (step >= 0) {
                found.add(at);
                if (at == stream.length) return found;
                followed.pass(ByteBuffer.wrap(stream, at++, 1)); // Where one stands is found again and again.
            }
            assertFalse(followed.isLost());
        }
    }

    @Property(tries = 500)
    void noBytesAreTooStrange(@ForAll byte[] bytes, @ForAll long seed) {
        var random = new Random(seed);
        var whole = new FrameBoundaries();
        var pieces = new FrameBoundaries();
        whole.pass(ByteBuffer.wrap(bytes));
        for (int at = 0; at < bytes.length; ) {
            int length = 1 + random.nextInt(bytes.length - at);
            pieces.pass(ByteBuffer.wrap(bytes, at, length));
            at += length;
        }
        assertEquals(whole.isAtBoundary(), pieces.isAtBoundary());
        assertEquals(whole.isLost(), pieces.isLost());
        assertEquals(whole.isCloseSeen(), pieces.isCloseSeen());
    }
}
