package dev.headgate.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.health.ConsecutiveSettings;
import dev.headgate.config.Address;
import dev.headgate.discover.WantedEndpoint;
import dev.headgate.observe.Metrics;
import dev.headgate.upstream.EndpointNode.Scheme;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How an endpoint is called towards itself. */
class EndpointHostTest {
    @ParameterizedTest
    @CsvSource({
        "a.test, 80, HTTP, a.test:80",
        "a.test, 443, HTTP, a.test:443",
        "a.test, 443, HTTPS, a.test",
        "a.test, 8443, HTTPS, a.test:8443",
        "a.test, 80, HTTPS, a.test:80",
        "fd00::1, 443, HTTPS, [fd00::1]",
        "fd00::1, 8443, HTTPS, [fd00::1]:8443",
    })
    void leavesOutTheDefaultPortOfHttps(String host, int port, Scheme scheme, String expected) {
        EndpointNode endpoint = endpoint(new Address.Tcp(host, port), scheme);
        assertEquals(expected, new String(endpoint.host(), StandardCharsets.US_ASCII));
        assertEquals(host, endpoint.serverHost());
    }

    @Test
    void callsASocketLocalhost() {
        EndpointNode endpoint = endpoint(new Address.Unix("/run/app.sock"), Scheme.HTTPS);
        assertEquals("localhost", new String(endpoint.host(), StandardCharsets.US_ASCII));
    }

    private static EndpointNode endpoint(Address address, Scheme scheme) {
        WantedEndpoint wanted = new WantedEndpoint(
                "one", address, List.of(new InetSocketAddress(80)), false, 1, 0, Optional.empty(), Map.of());
        return new EndpointNode(
                0,
                wanted,
                new EndpointStats(1),
                1,
                new ConsecutiveSettings(0, 0, 0, ConsecutiveSettings.Local.TOGETHER),
                new Metrics(1, 1, 1, 1).endpoint("app", "one"),
                1,
                scheme,
                (_, _) -> {
                    throw new AssertionError("no pool is needed");
                },
                1);
    }
}
