package dev.headgate.testkit.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headgate.testkit.Wire;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ServerFramesTest {
    private static final byte[] BEGINNING =
            Wire.join(Frames.preface(), Frames.settings(), Frames.begin(1, new byte[0]), Frames.data(1, 0, 100));

    private final ServerFrames client = new ServerFrames();

    /** A server gives credit for bytes, not for frames (RFC 9113 §6.9.1): it may do so before the end of one has come. */
    @Test
    void takesCreditForWhatHasComeOfAFrame() {
        client.sent(Arrays.copyOf(BEGINNING, BEGINNING.length - 1));

        assertEquals(1, client.received(Frames.windowUpdate(1, 99)).size());
    }

    @Test
    void countsAFrameOnceHoweverItIsCut() {
        for (byte each : BEGINNING) {
            client.sent(new byte[] {each});
        }

        client.received(Frames.windowUpdate(1, 100));
        assertThrows(AssertionError.class, () -> client.received(Frames.windowUpdate(1, 1)));
    }

    @Test
    void refusesCreditForContentThatWasNotAnnounced() {
        client.sent(Arrays.copyOf(BEGINNING, BEGINNING.length - 100 - 1));

        assertThrows(AssertionError.class, () -> client.received(Frames.windowUpdate(1, 1)));
    }
}
