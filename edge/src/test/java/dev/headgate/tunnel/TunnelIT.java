package dev.headgate.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.exchange.Cause;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.Pattern;
import dev.headgate.testkit.peer.ProxyHeaderReader;
import dev.headgate.testkit.peer.ProxyHeaderReader.Told;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A listener for TCP: bytes, ends and resets go through as they come. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TunnelIT {
    private static final long LARGE_BYTES = 64L << 20;
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final int SLOW_READ_BYTES = 48 * 1024;

    @TempDir
    Path folder;

    @Test
    void echoesBothWays() {
        try (var origin = TcpOrigin.echo();
                var proxy = TunnelSetup.to(origin).start()) {
            try (var client = TcpPeer.connect(proxy.port())) {
                for (int i = 0; i < 100; i++) {
                    client.send("ping " + i).expect("ping " + i);
                }
                assertEquals(1, TunnelSetup.tunnelsOf(proxy).open());
                client.halfClose().expectEnd();
            }
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    @Test
    void letsTheServerSpeakFirst() {
        try (var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(origin).start();
                var client = TcpPeer.connect(proxy.port());
                var server = origin.accept()) {
            server.send("220 ready");
            client.expect("220 ready").send("EHLO");
            server.expect("EHLO");
        }
    }

    @ParameterizedTest
    @CsvSource({"v1", "v2"})
    void tellsTheServerWhoseConnectionItIs(String form) throws Exception {
        try (var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(origin)
                        .upstream("proxyProtocol: " + form)
                        .start();
                var client = TcpPeer.connect(proxy.port()).send("hello");
                var server = origin.accept()) {
            Told told = ProxyHeaderReader.read(server.input());
            assertEquals(form, told.form());
            assertEquals("127.0.0.1 " + client.socket().getLocalPort(), told.source());
            assertEquals("127.0.0.1 " + proxy.port(), told.destination());
            server.expect("hello").send("220 ready");
            client.expect("220 ready");
        }
    }

    @Test
    void carriesBytesThatNoProtocolHas() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (var origin = TcpOrigin.echo();
                var proxy = TunnelSetup.to(origin).start();
                var client = TcpPeer.connect(proxy.port())) {
            assertArrayEquals(all, client.send(all).receive(all.length));
        }
    }

    /** More than all buffers hold, both ways at once, to a reader that is slow. */
    @Test
    void carriesMuchBothWaysWithBoundedMemory() throws Exception {
        var io = new SteeredIo();
        try (var origin = TcpOrigin.echo();
                var proxy = TunnelSetup.to(origin).start(io);
                var client = TcpPeer.connect(proxy.port())) {
            io.downstream.close();
            Thread sender = Thread.ofVirtual().start(() -> sendLarge(client));
            Await.until("the client's side is full", () -> proxy.outstandingBytes() >= BUFFER_BYTES);
            io.downstream.open();
            MessageDigest received = sha256();
            long count = 0;
            InputStream in = client.input();
            byte[] piece = new byte[SLOW_READ_BYTES];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                received.update(piece, 0, n);
                count += n;
                // Up to the high watermark and one read, each way; half as much again for buffers that are not full.
                long heldBytes = proxy.outstandingBytes();
                assertTrue(heldBytes <= 3 * (BUFFER_BYTES + 128 * 1024), heldBytes + " bytes");
            }
            sender.join();
            assertEquals(LARGE_BYTES, count);
            assertArrayEquals(digestOfLarge(), received.digest());
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
            assertEquals(LARGE_BYTES, TunnelSetup.tunnelsOf(proxy).bytesIn());
            assertEquals(LARGE_BYTES, TunnelSetup.tunnelsOf(proxy).bytesOut());
        }
    }

    private static void sendLarge(TcpPeer client) {
        try {
            Pattern.write(client.output(), LARGE_BYTES);
            client.halfClose();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] digestOfLarge() throws IOException {
        MessageDigest digest = sha256();
        Pattern.write(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        digest.update((byte) b);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        digest.update(bytes, offset, length);
                    }
                },
                LARGE_BYTES);
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void carriesAnEndOfTheClientsAndGoesOn() {
        try (var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(origin).start();
                var client = TcpPeer.connect(proxy.port());
                var server = origin.accept()) {
            client.send("question").halfClose();
            server.expect("question").expectEnd();
            server.send("answer ").send("in parts");
            client.expect("answer in parts");
            server.halfClose();
            client.expectEnd();
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    @Test
    void carriesAnEndOfTheServersAndGoesOn() {
        try (var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(origin).start();
                var client = TcpPeer.connect(proxy.port());
                var server = origin.accept()) {
            server.send("all I have").halfClose();
            client.expect("all I have").expectEnd();
            client.send("thanks").halfClose();
            server.expect("thanks").expectEnd();
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    @Test
    void carriesAResetOfTheClients() {
        try (var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(origin).start();
                var client = TcpPeer.connect(proxy.port());
                var server = origin.accept()) {
            client.send("a");
            server.expect("a");
            client.reset();
            server.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.CLIENT_ABORTED, 1);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    @Test
    void carriesAResetOfTheServers() {
        try (var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(origin).start();
                var client = TcpPeer.connect(proxy.port());
                var server = origin.accept()) {
            server.send("a");
            client.expect("a");
            server.reset();
            client.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.UPSTREAM_RESET, 1);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    /** A server that has said all and hears no more: what it said arrives, though the client's next bytes make it reset. */
    @Test
    void deliversTheLastWordsOfAServerThatClosesWhileItsClientSends() {
        byte[] answer = Pattern.bytes(0, 20_000);
        var io = new SteeredIo();
        try (var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(origin).start(io);
                var client = TcpPeer.connect(proxy.port());
                var server = origin.accept()) {
            client.send("a");
            server.expect("a");
            io.downstream.close();
            server.send(answer).close();
            proxy.awaitRead(1 + answer.length);
            client.send("b");
            proxy.awaitRead(2 + answer.length);
            client.send("c");
            Await.until(
                    "the server is gone",
                    () -> proxy.metrics().endpoints().values().stream().allMatch(e -> e.connectionsClosed() == 1));
            io.downstream.open();
            io.pass(Duration.ofMillis(1));
            assertArrayEquals(answer, client.receive(answer.length));
            client.expectEnd();
            TunnelSetup.awaitEnded(proxy, Cause.UPSTREAM_RESET, 1);
        }
    }

    @Test
    void servesUnixSocketsOnBothSides() throws IOException {
        Path socket = folder.resolve("s");
        try (var origin = TcpOrigin.echo();
                var inner = TunnelSetup.to(origin).listener("backlog: 16").start();
                var outer = ProxyHarness.start("""
                        version: 1
                        loops: 1
                        listeners:
                          - {name: web, address: "127.0.0.1:0", protocols: tcp, to: socket}
                          - {name: unix, address: "unix:%s", protocols: tcp, to: inner}
                        upstreams:
                          socket: {endpoints: "unix:%s"}
                          inner: {endpoints: "127.0.0.1:%d"}
                        log: {access: off}
                        """.formatted(socket, socket, inner.port()));
                var client = TcpPeer.connect(outer.port())) {
            client.send("far away").expect("far away");
            client.halfClose().expectEnd();
        }
    }
}
