package dev.headgate.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.AllocationMeter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An open tunnel makes no garbage, however much goes through. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TunnelAllocationIT {
    private static final int CONNECTIONS = 8;
    private static final int WARM_UPS = 20_000;
    private static final int ROUNDS = 50_000;
    private static final int MESSAGE_BYTES = 1024;
    private static final long BYTES_MAX = 16 * 1024;

    @Test
    void bytesCostNothing() throws IOException {
        Set<Long> others = loops();
        try (var origin = TcpOrigin.echo();
                var proxy = TunnelSetup.to(origin).start()) {
            Set<Long> measured = loops();
            measured.removeAll(others);
            assertEquals(1, measured.size(), "loops of this proxy");
            SocketChannel[] clients = new SocketChannel[CONNECTIONS];
            try {
                for (int i = 0; i < clients.length; i++) {
                    clients[i] =
                            SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
                }
                exchange(clients, WARM_UPS);
                var meter = AllocationMeter.start(
                        measured.stream().mapToLong(Long::longValue).toArray());
                exchange(clients, ROUNDS);
                long bytes = meter.bytes();
                assertTrue(bytes < BYTES_MAX, () -> bytes + " bytes over " + ROUNDS + " messages each way");
            } finally {
                for (SocketChannel client : clients) {
                    if (client != null) client.close();
                }
            }
        }
    }

    private static void exchange(SocketChannel[] clients, int rounds) throws IOException {
        ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_BYTES);
        for (int sent = 0; sent < rounds; sent += clients.length) {
            for (SocketChannel client : clients) {
                message.clear();
                while (message.hasRemaining()) {
                    client.write(message);
                }
            }
            for (SocketChannel client : clients) {
                message.clear();
                while (message.hasRemaining()) {
                    assertTrue(client.read(message) > 0, "the end, within an answer");
                }
            }
        }
    }

    private static Set<Long> loops() {
        return Arrays.stream(AllocationMeter.threadIds("headgate-loop-"))
                .boxed()
                .collect(Collectors.toSet());
    }
}
