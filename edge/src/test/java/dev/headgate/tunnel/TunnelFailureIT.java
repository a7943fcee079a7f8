package dev.headgate.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.Pattern;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.Blackhole;
import dev.headgate.testkit.peer.RefusingPort;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tunnels that do not come about, or not at the first try, and those for which time runs out. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TunnelFailureIT {
    private static final Duration A_MOMENT = Duration.ofMillis(50); // more than two ticks of the timers

    @Test
    void triesAnotherEndpointWhenOneRefuses() {
        try (var dead = RefusingPort.open();
                var origin = TcpOrigin.echo();
                var proxy = TunnelSetup.to(dead.address(), origin.address())
                        .upstream("balance: round-robin")
                        .start()) {
            for (int i = 0; i < 4; i++) {
                try (var client = TcpPeer.connect(proxy.port())) {
                    client.send("hello").expect("hello");
                    client.halfClose().expectEnd();
                }
            }
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 4);
            assertTrue(upstream(proxy).retries() >= 1);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    @Test
    void resetsTheClientWhenAllEndpointsAreDead() {
        try (var first = RefusingPort.open();
                var second = RefusingPort.open();
                var proxy = TunnelSetup.to(first.address(), second.address()).start();
                var client = TcpPeer.connect(proxy.port())) {
            client.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.CONNECT_REFUSED, 1);
            assertEquals(1, upstream(proxy).retries());
            assertEquals(0, TunnelSetup.tunnelsOf(proxy).opened());
            Await.until(
                    "the error log tells",
                    () -> proxy.errorLog().stream().anyMatch(line -> line.contains("upstream_connect_failed")));
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    @Test
    void keepsToTheAttemptsOfTheUpstream() {
        try (var first = RefusingPort.open();
                var second = RefusingPort.open();
                var proxy = TunnelSetup.to(first.address(), second.address())
                        .upstream("retry: {attempts: 1}")
                        .start();
                var client = TcpPeer.connect(proxy.port())) {
            client.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.CONNECT_REFUSED, 1);
            assertEquals(1, attempts(proxy));
            assertEquals(0, upstream(proxy).retries());
        }
    }

    @ThreatRow("U-02")
    @Test
    void u_02_goesOnToAnotherEndpointWhenOneDoesNotAnswer() {
        var io = new SteeredIo().frozen();
        try (var silent = Blackhole.open();
                var origin = TcpOrigin.echo();
                var proxy = TunnelSetup.to(silent.address(), origin.address())
                        .upstream("balance: round-robin")
                        .start(io);
                var client = TcpPeer.connect(proxy.port()).send("kept")) {
            proxy.awaitRead(4);
            io.pass(Duration.ofSeconds(3).plus(A_MOMENT));
            client.expect("kept");
        }
    }

    @Test
    void resetsTheClientWhenNoEndpointAnswersInTime() {
        var io = new SteeredIo().frozen();
        try (var silent = Blackhole.open();
                var proxy = TunnelSetup.to(silent.address()).start(io);
                var client = TcpPeer.connect(proxy.port())) {
            Await.until("a try", () -> attempts(proxy) == 1);
            io.pass(Duration.ofSeconds(3).plus(A_MOMENT));
            client.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.CONNECT_TIMEOUT, 1);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    @Test
    void letsGoOfAnEndpointWhoseClientHasLeft() {
        var io = new SteeredIo().frozen();
        try (var silent = Blackhole.open();
                var proxy = TunnelSetup.to(silent.address()).start(io)) {
            var client = TcpPeer.connect(proxy.port()).send("a");
            proxy.awaitRead(1);
            client.reset();
            TunnelSetup.awaitEnded(proxy, Cause.CLIENT_ABORTED, 1);
            io.pass(A_MOMENT);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    /** A client that has said all before there is anyone to say it to. */
    @Test
    void deliversWhatAClientHasSentBeforeItsEnd() {
        var io = new SteeredIo().frozen();
        try (var silent = Blackhole.open();
                var origin = TcpOrigin.echo();
                var proxy = TunnelSetup.to(silent.address(), origin.address())
                        .upstream("balance: round-robin")
                        .start(io);
                var client = TcpPeer.connect(proxy.port()).send("all").halfClose()) {
            proxy.awaitRead(3);
            io.pass(Duration.ofSeconds(3).plus(A_MOMENT));
            client.expect("all").expectEnd();
            TunnelSetup.awaitEnded(proxy, Cause.NONE, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"4KiB", "32KiB", "1MiB"})
    void keepsABoundedPartOfWhatComesBeforeAnEndpointIsConnected(String buffer) throws Exception {
        byte[] much = Pattern.bytes(0, 4 << 20);
        var io = new SteeredIo().frozen();
        try (var silent = Blackhole.open();
                var origin = TcpOrigin.echo();
                var proxy = TunnelSetup.to(silent.address(), origin.address())
                        .upstream("balance: round-robin")
                        .listener("limits: {bufferBytes: " + buffer + "}")
                        .start(io);
                var client = TcpPeer.connect(proxy.port())) {
            Thread sender = Thread.ofVirtual().start(() -> client.send(much));
            proxy.awaitRead(4 * 1024);
            assertTrue(proxy.outstandingBytes() <= 256 * 1024, proxy.outstandingBytes() + " bytes");
            io.pass(Duration.ofSeconds(3).plus(A_MOMENT));
            assertArrayEquals(much, client.receive(much.length));
            sender.join();
        }
    }

    @Test
    void countsOpenTunnelsAgainstTheConnectionsOfAnEndpoint() {
        try (var origin = TcpOrigin.echo();
                var proxy = TunnelSetup.to(origin)
                        .upstream("pool: {connections: 1}")
                        .upstream("breaker: {pending: 0}")
                        .start();
                var first = TcpPeer.connect(proxy.port())) {
            first.send("a").expect("a");
            try (var second = TcpPeer.connect(proxy.port())) {
                second.expectReset();
            }
            TunnelSetup.awaitEnded(proxy, Cause.PENDING_FULL, 1);
            first.send("b").expect("b");
            first.halfClose().expectEnd();
            TunnelSetup.awaitNothingLeft(proxy);
            try (var third = TcpPeer.connect(proxy.port())) {
                third.send("c").expect("c");
            }
        }
    }

    @Test
    void keepsToTheConnectionsOfOnePrefix() {
        try (var origin = TcpOrigin.echo();
                var proxy = TunnelSetup.to(origin)
                        .top("limits: {connectionsPerPrefix: 1}")
                        .start()) {
            try (var first = TcpPeer.connect(proxy.port())) {
                first.send("a").expect("a");
                try (var second = TcpPeer.connect(proxy.port())) {
                    second.expectEnd();
                }
                first.halfClose().expectEnd();
            }
            TunnelSetup.awaitNothingLeft(proxy);
            try (var third = TcpPeer.connect(proxy.port())) {
                third.send("c").expect("c");
            }
        }
    }

    @ThreatRow(value = "W-01", outcome = "both sides are reset when no byte has gone through for ten minutes")
    @Test
    void w_01_resetsBothSidesOfAnIdleTunnel() {
        var io = new SteeredIo().frozen();
        try (var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(origin).start(io);
                var client = TcpPeer.connect(proxy.port());
                var server = origin.accept()) {
            client.send("a");
            server.expect("a");
            io.pass(Duration.ofMinutes(10).minus(A_MOMENT));
            server.send("b"); // just in time
            client.expect("b");
            io.pass(Duration.ofMinutes(10).minus(A_MOMENT));
            client.send("c");
            server.expect("c");
            assertEquals(1, TunnelSetup.tunnelsOf(proxy).open());
            io.pass(Duration.ofMinutes(10).plus(A_MOMENT));
            client.expectReset();
            server.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_IDLE, 1);
            TunnelSetup.awaitNothingLeft(proxy);
        }
    }

    /** With nothing read from either side, only a byte that is taken tells the slow from the dead. */
    @ThreatRow("W-01")
    @Test
    void w_01_resetsATunnelWhoseReaderTakesNothing() {
        var io = new SteeredIo().frozen();
        try (var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(origin)
                        .listener("timeouts: {tunnelIdle: 1m}")
                        .start(io);
                var client = TcpPeer.connect(proxy.port());
                var server = origin.accept()) {
            io.downstream.close();
            server.send("x".repeat(1000));
            proxy.awaitRead(1000);
            io.pass(Duration.ofMinutes(1).plus(A_MOMENT));
            server.expectReset();
            client.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_IDLE, 1);
        }
    }

    @Test
    void endsATunnelAtTheEndOfItsLife() {
        var io = new SteeredIo().frozen();
        try (var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(origin)
                        .listener("timeouts: {tunnelAge: 1m}")
                        .start(io);
                var client = TcpPeer.connect(proxy.port());
                var server = origin.accept()) {
            client.send("a");
            server.expect("a");
            io.pass(Duration.ofMinutes(1).minus(A_MOMENT));
            client.send("b");
            server.expect("b");
            io.pass(A_MOMENT.multipliedBy(2));
            client.expectReset();
            server.expectReset();
            TunnelSetup.awaitEnded(proxy, Cause.TUNNEL_AGED, 1);
        }
    }

    @ThreatRow("L-04")
    @Test
    void l_04_letsTunnelsGoOnWhileDrainingAndThenCutsThemOff() {
        var io = new SteeredIo().frozen();
        try (var origin = TcpOrigin.start();
                var proxy = TunnelSetup.to(origin)
                        .listener("timeouts: {tunnelIdle: 24h}")
                        .start(io);
                var ending = TcpPeer.connect(proxy.port());
                var endingServer = origin.accept();
                var lasting = TcpPeer.connect(proxy.port());
                var lastingServer = origin.accept()) {
            var drain = proxy.drain(Duration.ofSeconds(30));
            ending.send("bye");
            endingServer.expect("bye").send("bye");
            ending.expect("bye").halfClose();
            endingServer.expectEnd();
            endingServer.halfClose();
            ending.expectEnd();
            lasting.send("still here");
            lastingServer.expect("still here");
            Await.until("drained", () -> {
                io.pass(Duration.ofSeconds(1)); // Again and again: when the drain's own time begins cannot be seen.
                return !drain.isAlive();
            });
            lasting.expectReset();
            lastingServer.expectReset();
            TunnelSetup.awaitEndedOf(proxy, Cause.NONE, 1);
            TunnelSetup.awaitEndedOf(proxy, Cause.STOPPED, 1);
        }
    }

    private static MetricsSnapshot.Upstream upstream(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().upstreams().get("app"));
    }

    private static long attempts(ProxyHarness proxy) {
        return proxy.metrics().endpoints().values().stream()
                .mapToLong(MetricsSnapshot.Endpoint::attempts)
                .sum();
    }
}
