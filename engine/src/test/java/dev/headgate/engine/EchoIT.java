package dev.headgate.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EchoIT {
    @Test
    void sendsBackWhatItGets() throws Exception {
        try (TestEngine test = TestEngine.start()) {
            InetSocketAddress address = test.listen((loop, connection) -> new Echo());
            try (Socket client = TestEngine.client(address)) {
                client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
                assertEquals("hello", new String(client.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
            }
        }
    }

    @Test
    void sendsBackMegabytesIntact() throws Exception {
        byte[] sent = new byte[16 << 20];
        new Random(1).nextBytes(sent);
        try (TestEngine test = TestEngine.start()) {
            InetSocketAddress address = test.listen((loop, connection) -> new Echo());
            try (Socket client = TestEngine.client(address)) {
                Thread writer = Thread.ofVirtual().start(() -> {
                    try {
                        client.getOutputStream().write(sent);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                assertArrayEquals(sent, client.getInputStream().readNBytes(sent.length));
                writer.join();
            }
            assertTrue(test.engine.reservedBufferBytes() <= 2 << 20, "memory stays bounded");
        }
    }

    @Test
    void allocatesNothingPerRoundTrip() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (TestEngine test = TestEngine.start()) {
            InetSocketAddress address = test.listen((loop, connection) -> new Echo());
            try (Socket client = TestEngine.client(address)) {
                client.setTcpNoDelay(true);
                roundTrips(client, 20_000);
                long loopThread = test.onLoop(() -> Thread.currentThread().threadId());
                long before = threads.getThreadAllocatedBytes(loopThread);
                roundTrips(client, 100_000);
                long allocated = threads.getThreadAllocatedBytes(loopThread) - before;
                assertTrue(allocated < 10_000, "allocated in 100,000 round trips: " + allocated + " bytes");
            }
        }
    }

    private static void roundTrips(Socket client, int count) throws java.io.IOException {
        byte[] message = new byte[400];
        OutputStream out = client.getOutputStream();
        InputStream in = client.getInputStream();
        for (int i = 0; i < count; i++) {
            out.write(message);
            assertEquals(message.length, in.readNBytes(message, 0, message.length));
        }
    }
}
