package dev.headgate.testkit.h2;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.Http2Origin.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Http2OriginTest {
    private static final Script SERVING = Script.serving((peer, request) -> {});

    private static void sendAndEnd(Http2Origin origin, byte[] bytes) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), origin.port())) {
            client.getOutputStream().write(bytes);
            client.shutdownOutput();
            client.getInputStream().readAllBytes();
        }
    }

    /** A client may end when it likes, also before it has said anything. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 23, 24})
    void clientThatEndsWithinItsPrefaceIsNotInTheWrong(int bytes) throws IOException {
        Http2Origin origin = Http2Origin.start(SERVING);
        sendAndEnd(origin, Arrays.copyOf(Frames.preface(), bytes));
        assertDoesNotThrow(origin::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1", "PRI * HTTP/1.1\r\n\r\nSM\r\n\r\n"})
    void clientThatSaysAnythingElseIs(String text) throws IOException {
        Http2Origin origin = Http2Origin.start(SERVING);
        sendAndEnd(origin, text.getBytes(StandardCharsets.US_ASCII));
        assertThrows(AssertionError.class, origin::close);
    }

    @Test
    void frameOutOfPlaceFailsToo() throws IOException {
        Http2Origin origin = Http2Origin.start(SERVING);
        sendAndEnd(origin, Wire.join(Frames.preface(), Frames.rst(1, 2)));
        assertThrows(AssertionError.class, origin::close);
    }
}
