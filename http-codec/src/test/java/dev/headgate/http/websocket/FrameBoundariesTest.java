package dev.headgate.http.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.WebSocketFrames;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FrameBoundariesTest {
    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** Behind bytes that come in two pieces, each with garbage around it. */
    private static FrameBoundaries behind(byte[] bytes, int cut) {
        var frames = new FrameBoundaries();
        for (int[] piece : new int[][] {{0, cut}, {cut, bytes.length}}) {
            int length = piece[1] - piece[0];
            ByteBuffer buffer = cut % 2 == 0 ? ByteBuffer.allocate(length + 2) : ByteBuffer.allocateDirect(length + 2);
            buffer.put(0, (byte) 0x88).put(1, bytes, piece[0], length).put(length + 1, (byte) 0x88);
            frames.pass(buffer.position(1).limit(length + 1));
        }
        return frames;
    }

    private static FrameBoundaries behind(String hex) {
        var frames = new FrameBoundaries();
        frames.pass(bytes(hex));
        return frames;
    }

    @ParameterizedTest
    @CsvSource({
        // what it is, the bytes, whether they end between two frames
        "nothing, '', true",
        "first byte alone, 81, false",
        "a text, 81 03 61 62 63, true",
        "a text that is not whole, 81 03 61 62, false",
        "an empty one, 81 00, true",
        "a masked one, 81 83 01 02 03 04 61 62 63, true",
        "within its mask, 81 83 01 02 03, false",
        "at its payload, 81 83 01 02 03 04, false",
        "an empty masked one, 89 80 01 02 03 04, true",
        "two bytes of length, 82 7E 00 03 61 62 63, true",
        "within them, 82 7E 00, false",
        "eight bytes of length, 82 7F 00 00 00 00 00 00 00 02 61 62, true",
        "within them, 82 7F 00 00 00 00 00 00 00, false",
        "masked with eight bytes of length, 82 FF 00 00 00 00 00 00 00 01 01 02 03 04 61, true",
        "longer than it need be, 82 7F 00 00 00 00 00 00 00 00, true",
        "reserved bits and opcode, F3 01 61, true",
        "the first part of a message, 01 01 61, true",
        "two frames, 01 01 61 80 01 62, true",
        "a Close without code, 88 00, true"
    })
    void knowsWhereFramesEnd(String what, String hex, boolean isAtBoundary) {
        byte[] bytes = bytes(hex).array();
        for (int cut = 0; cut <= bytes.length; cut++) {
            FrameBoundaries frames = behind(bytes, cut);
            String said = what + ", split at " + cut;
            assertEquals(isAtBoundary, frames.isAtBoundary(), said);
            assertFalse(frames.isLost(), said);
            assertEquals(hex.startsWith("88"), frames.isCloseSeen(), said);
        }
    }

    @ThreatRow("W-01")
    @ParameterizedTest
    @CsvSource({
        "a length of 2^63, 82 7F 80 00 00 00 00 00 00 00",
        "the same masked, 82 FF FF FF FF FF FF FF FF FF",
        "a ping of 126 bytes, 89 7E",
        "a Close of more, 88 FF",
        "a ping in parts, 09 00",
        "a request, 47 45 54"
    })
    void w_01_givesUpForGoodWhereNoFrameCanBe(String what, String hex) {
        // "GET" is what the first byte of a request makes of it: a frame of 69 bytes.
        boolean passesForAFrame = what.equals("a request");
        FrameBoundaries frames = behind(hex);
        assertEquals(!passesForAFrame, frames.isLost(), what);
        frames.pass(bytes("81 00"));
        assertFalse(frames.isAtBoundary(), what);
        assertEquals(-1, frames.passToBoundary(bytes("81 00 81 00")), what);
    }

    @Test
    void takesTheLongestLengthThatThereIs() {
        FrameBoundaries frames = behind("82 7F 7F FF FF FF FF FF FF FF");
        frames.pass(ByteBuffer.allocate(1 << 16));
        assertFalse(frames.isLost());
        assertFalse(frames.isAtBoundary());
    }

    /** A Close frame counts when it is whole: before, none may follow it. */
    @Test
    void seesACloseFrameOnceItIsWhole() {
        FrameBoundaries frames = behind("81 01 88 88 82 01 02 03 04 03");
        assertFalse(frames.isCloseSeen());
        frames.pass(bytes("E9"));
        assertTrue(frames.isCloseSeen());
        frames.pass(bytes("81 00"));
        assertTrue(frames.isCloseSeen());
    }

    @Test
    void stopsAtTheFirstBoundary() {
        var frames = new FrameBoundaries();
        ByteBuffer two = bytes("81 01 61 81 01 62");
        assertEquals(0, frames.passToBoundary(two), "it stands at one");
        frames.pass(two.limit(1));
        assertEquals(2, frames.passToBoundary(two.limit(6).position(1)));
        assertEquals(1, two.position(), "bytes stay as they are");
        assertTrue(frames.isAtBoundary());
        frames.pass(two.position(3).limit(5));
        assertEquals(-1, frames.passToBoundary(bytes("")));
        assertEquals(1, frames.passToBoundary(two.limit(6).position(5)));
    }

    static Stream<byte[]> frames() {
        return Stream.of(0, 1, 125, 126, 127, 65535, 65536, 70000)
                .flatMap(length -> Stream.of(true, false)
                        .map(masked -> WebSocketFrames.frame(WebSocketFrames.TEXT, masked, length)));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void stepsOverFramesOfAnyLength(byte[] frame) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(frame);
        out.writeBytes(frame);
        var frames = new FrameBoundaries();
        ByteBuffer both = ByteBuffer.wrap(out.toByteArray());
        frames.pass(both.limit(frame.length - 1));
        assertFalse(frames.isAtBoundary());
        assertEquals(1, frames.passToBoundary(both.limit(2 * frame.length).position(frame.length - 1)));
        frames.pass(both.position(frame.length));
        assertTrue(frames.isAtBoundary());
    }
}
