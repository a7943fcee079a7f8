package dev.headgate.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.health.EjectionReason;
import dev.headgate.config.Address;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.UpstreamConfig.EndpointConfig;
import dev.headgate.discover.WantedEndpoint;
import dev.headgate.exchange.Cause;
import dev.headgate.http.Violation;
import dev.headgate.observe.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits of endpoints that a file lists. */
class EndpointLimitsTest {
    private static final Address.Tcp ADDRESS = new Address.Tcp("10.0.0.1", 80);
    private static final long NOW_NS = 1;

    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void list() throws IOException {
        file = folder.resolve("list.yaml");
        Files.writeString(file, "[\"10.0.0.1:80\"]");
    }

    private UpstreamConfig config(String key) {
        String yaml = """
                version: 1
                listeners: [{name: web, address: "127.0.0.1:0"}]
                upstreams: {app: {endpoints: {file: %s}, %s}}
                routes: [{to: app}]
                """.formatted(file, key);
        var config = ConfigLoader.parse("f", yaml, Environment.ofProcess()).orThrow();
        return Objects.requireNonNull(config.upstreams().get("app"));
    }

    private UpstreamNode upstream() {
        return new UpstreamNode(
                config("balance: p2c"),
                Set.of(),
                new Metrics(1, Cause.COUNT, Violation.values().length, 1),
                null,
                EndpointLimitsTest::unreported,
                2,
                NOW_NS);
    }

    private static void unreported(UpstreamNode upstream, EndpointNode endpoint, EjectionReason reason) {
        throw new AssertionError(reason);
    }

    private static WantedEndpoint wanted(OptionalInt requestsMax) {
        var config =
                new EndpointConfig(ADDRESS, 1, false, Optional.empty(), Map.of(), OptionalInt.empty(), requestsMax);
        return new WantedEndpoint(
                ADDRESS.toString(), List.of(new InetSocketAddress(ADDRESS.host(), 80)), false, 0, config);
    }

    private static int takeAll(EndpointLimits limits, int most) {
        int taken = 0;
        while (taken < most && limits.tryTakeRequest(taken % 2, NOW_NS)) {
            taken++;
        }
        return taken;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void limitOnRequestsThatComesLaterHolds(int max) {
        UpstreamNode upstream = upstream();
        EndpointNode endpoint = upstream.newEndpoint(wanted(OptionalInt.empty()), 0);
        upstream.follow(endpoint, wanted(OptionalInt.of(max)));
        assertEquals(max, takeAll(endpoint.limits(), max + 1));
        assertEquals(max, endpoint.requestPermitsTaken());
    }

    @Test
    void requestsFromBeforeTheLimitCount() {
        UpstreamNode upstream = upstream();
        EndpointNode endpoint = upstream.newEndpoint(wanted(OptionalInt.empty()), 0);
        EndpointLimits limits = endpoint.limits();
        assertTrue(limits.tryTakeRequest(0, NOW_NS));
        assertTrue(limits.tryTakeRequest(0, NOW_NS));
        assertEquals(0, endpoint.requestPermitsTaken(), "there is no limit");
        upstream.follow(endpoint, wanted(OptionalInt.of(2)));
        assertFalse(limits.tryTakeRequest(0, NOW_NS));
        limits.releaseRequest(0);
        assertTrue(limits.tryTakeRequest(0, NOW_NS));
        assertFalse(limits.tryTakeRequest(0, NOW_NS));
    }

    @Test
    void limitOnRequestsMayGo() {
        UpstreamNode upstream = upstream();
        EndpointNode endpoint = upstream.newEndpoint(wanted(OptionalInt.of(1)), 0);
        assertEquals(1, takeAll(endpoint.limits(), 10));
        upstream.follow(endpoint, wanted(OptionalInt.empty()));
        assertEquals(10, takeAll(endpoint.limits(), 10));
    }

    /** What an upstream may have of connections is of use for all its endpoints. */
    @Test
    void connectionOfAnEndpointThatIsGoneIsTheOneThatSomebodyWaitsFor() {
        var upstream = new UpstreamLimits(config("breaker: {connections: 1}"), 2);
        var queue = new CountingQueue();
        upstream.attach(queue, 0);
        var gone = new EndpointLimits(upstream, 10, 10);
        var other = new EndpointLimits(upstream, 10, 10);
        assertEquals(EndpointLimits.Lack.NOTHING, gone.takeConnection(1, NOW_NS));
        gone.goAway();

        upstream.oldestWaits(0, NOW_NS);
        assertEquals(EndpointLimits.Lack.PERMIT_OF_UPSTREAM, other.takeConnection(0, NOW_NS));
        other.connectionWaiters().add(0);
        gone.releaseConnection();
        assertEquals(1, queue.wakes);
        assertEquals(EndpointLimits.Lack.NOTHING, other.takeConnection(0, NOW_NS));
    }

    private static final class CountingQueue implements UpstreamLimits.Queue {
        private int wakes;

        @Override
        public void wake() {
            wakes++;
        }

        @Override
        public boolean isWoken() {
            return wakes > 0;
        }
    }
}
