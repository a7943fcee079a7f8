package dev.headgate.http.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseFrameTest {
    private final ByteBuffer out = ByteBuffer.allocate(CloseFrame.BYTES_MAX);

    private String written() {
        return HexFormat.of().formatHex(out.array(), 0, out.position());
    }

    @Test
    void clientsSeeTheCodeAsItIs() {
        CloseFrame.toClient(out, CloseFrame.GOING_AWAY);
        assertEquals("880203e9", written());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 0x01020304, 0x80FF7F00})
    void serversFindTheCodeBehindItsMask(int mask) {
        CloseFrame.toServer(out, CloseFrame.GOING_AWAY, mask);
        byte[] frame = out.array();
        assertEquals("8882" + "%08x".formatted(mask), written().substring(0, 12));
        int code = (frame[6] ^ frame[2]) & 0xFF;
        assertEquals(CloseFrame.GOING_AWAY, code << 8 | (frame[7] ^ frame[3]) & 0xFF);
    }

    @Test
    void bothAreWholeFrames() {
        var frames = new FrameBoundaries();
        CloseFrame.toServer(out, CloseFrame.GOING_AWAY, 7);
        frames.pass(out.flip());
        assertTrue(frames.isAtBoundary() && frames.isCloseSeen());
    }
}
