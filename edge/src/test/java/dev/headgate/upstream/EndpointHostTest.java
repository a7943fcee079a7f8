package dev.headgate.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.headgate.config.Address;
import dev.headgate.engine.AlternativeAddresses;
import dev.headgate.upstream.EndpointNode.Scheme;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
    void knowsNoDotOfTheRoot() {
        EndpointNode endpoint = endpoint(new Address.Tcp("a.test", 8443, true), Scheme.HTTPS);
        assertEquals("a.test:8443", new String(endpoint.host(), StandardCharsets.US_ASCII));
        assertEquals("a.test", endpoint.serverHost());
    }

    @Test
    void callsASocketLocalhost() {
        EndpointNode endpoint = endpoint(new Address.Unix("/run/app.sock"), Scheme.HTTPS);
        assertEquals("localhost", new String(endpoint.host(), StandardCharsets.US_ASCII));
    }

    @Test
    void connectionsBeginWithTheFirstAddressOrWithEachInTurn() {
        SocketAddress a = new InetSocketAddress("10.0.0.1", 80);
        SocketAddress b = new InetSocketAddress("10.0.0.2", 80);
        Address name = new Address.Tcp("a.test", 80);
        EndpointNode single = EndpointNodes.make(0, EndpointNodes.wanted(name, true, a), Scheme.HTTP);
        assertEquals(a, single.nextAddress());
        EndpointNode oneHost = EndpointNodes.make(0, EndpointNodes.wanted(name, false, a, b), Scheme.HTTP);
        assertEquals(List.of(a, b), next(oneHost));
        assertEquals(List.of(a, b), next(oneHost));
        EndpointNode inTurn = EndpointNodes.make(0, EndpointNodes.wanted(name, true, a, b), Scheme.HTTP);
        assertEquals(List.of(a, b), next(inTurn));
        assertEquals(List.of(b, a), next(inTurn));
        assertEquals(List.of(a, b), next(inTurn));
        inTurn.movedTo(EndpointNodes.wanted(name, true, b));
        assertEquals(b, inTurn.nextAddress());
    }

    private static List<SocketAddress> next(EndpointNode endpoint) {
        return assertInstanceOf(AlternativeAddresses.class, endpoint.nextAddress())
                .addresses();
    }

    private static EndpointNode endpoint(Address address, Scheme scheme) {
        return EndpointNodes.make(0, EndpointNodes.wanted(address, false, new InetSocketAddress(80)), scheme);
    }
}
