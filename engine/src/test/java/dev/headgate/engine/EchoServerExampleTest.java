package dev.headgate.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.net.Socket;
import org.junit.jupiter.api.Test;

class EchoServerExampleTest {
    @Test
    void theExampleEchoes() throws Exception {
        byte[] sent = {1, 2, 3};
        try (TestEngine test = TestEngine.start();
                Socket client = TestEngine.client(test.listen((loop, connection) -> new EchoServerExample()))) {
            client.getOutputStream().write(sent);
            assertArrayEquals(sent, client.getInputStream().readNBytes(sent.length));
        }
    }
}
