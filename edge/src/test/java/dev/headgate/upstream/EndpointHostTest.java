package dev.headgate.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.balancer.Endpoint;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.health.ConsecutiveSettings;
import dev.headgate.config.Address;
import dev.headgate.config.ConfigDefaults;
import dev.headgate.observe.Metrics;
import dev.headgate.upstream.EndpointNode.Scheme;
import java.nio.charset.StandardCharsets;
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
        return new EndpointNode(
                0,
                address,
                new Endpoint("one", 1, new EndpointStats(1)),
                new ConsecutiveSettings(0, 0, 0, ConsecutiveSettings.Local.TOGETHER),
                new Metrics(1, 1, 1, 1).endpoint("app", "one"),
                new EndpointLimits(new UpstreamLimits(ConfigDefaults.upstream("app", address), 1), 1, 1),
                scheme,
                1);
    }
}
