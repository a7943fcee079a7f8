package dev.headgate.affinity;

import static dev.headgate.affinity.AffinityHeads.peer;
import static dev.headgate.affinity.AffinityHeads.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.headgate.config.BalanceConfig;
import dev.headgate.config.BalanceConfig.Algorithm;
import dev.headgate.config.BalanceConfig.Hash;
import dev.headgate.config.BalanceConfig.Key;
import dev.headgate.config.BalanceConfig.Key.Part;
import dev.headgate.config.Secret;
import dev.headgate.forward.ClientResolver;
import dev.headgate.forward.IpAddress;
import dev.headgate.forward.PeerAddress;
import dev.headgate.forward.TrustedProxies;
import dev.headgate.http.RequestHead;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RequestKeyTest {
    private static final TrustedProxies TRUSTED = TrustedProxies.parse(List.of("127.0.0.0/8"));
    private static final RequestHead ANY = request("/", "Host: a");

    private static RequestKey key(Part part, String name) {
        return key(new Key(part, name), Hash.IPV6_PREFIX_USUAL, Optional.empty());
    }

    private static RequestKey key(Key key, int ipv6Prefix, Optional<Secret> seed) {
        Hash hash = new Hash(key, Algorithm.MAGLEV, 0, ipv6Prefix, seed);
        RequestKey made = RequestKey.forUpstream("app", new BalanceConfig(hash, Optional.empty()));
        assertNotNull(made);
        return made;
    }

    private static long of(RequestKey key, RequestHead head) {
        return key.of(head, clientOf(head, peer("127.0.0.1")));
    }

    private static IpAddress clientOf(RequestHead head, PeerAddress peer) {
        IpAddress client = new IpAddress();
        new ClientResolver(TRUSTED).resolve(head, peer, client);
        return client;
    }

    static Stream<Arguments> sameAndOther() {
        RequestKey header = key(Part.HEADER, "x-user");
        RequestKey cookie = key(Part.COOKIE, "sid");
        RequestKey query = key(Part.QUERY, "u");
        RequestKey path = key(Part.PATH, "");
        RequestKey host = key(Part.HOST, "");
        return Stream.of(
                arguments(
                        "a field",
                        header,
                        request("/", "Host: a", "X-User: 7"),
                        request("/b", "Host: b", "x-uSER:7"),
                        request("/", "Host: a", "X-User: 8")),
                arguments(
                        "the first of two",
                        header,
                        request("/", "Host: a", "X-User: 7"),
                        request("/", "Host: a", "X-User: 7", "X-User: 8"),
                        request("/", "Host: a", "X-User: 8", "X-User: 7")),
                arguments(
                        "a cookie",
                        cookie,
                        request("/", "Host: a", "Cookie: sid=7"),
                        request("/", "Host: a", "Cookie: a=1; sid=7; b=2"),
                        request("/", "Host: a", "Cookie: sid=8")),
                arguments(
                        "no part of a name",
                        cookie,
                        request("/", "Host: a", "Cookie: sid=7"),
                        request("/", "Host: a", "Cookie: xsid=1; sidx=2;sid=7"),
                        request("/", "Host: a", "Cookie: sid=77")),
                arguments(
                        "a cookie in another line",
                        cookie,
                        request("/", "Host: a", "Cookie: sid=7"),
                        request("/", "Host: a", "Cookie: a=1", "Cookie: sid=7"),
                        request("/", "Host: a", "Cookie: SID=7; sid=9")),
                arguments(
                        "a parameter",
                        query,
                        request("/?u=7", "Host: a"),
                        request("/x?a=1&u=7&b=2", "Host: a"),
                        request("/?u=8", "Host: a")),
                arguments(
                        "the first parameter that has a value",
                        query,
                        request("/?u=7", "Host: a"),
                        request("/?uu=1&u&u=&u=7&u=8", "Host: a"),
                        request("/?u=8&u=7", "Host: a")),
                arguments(
                        "the path",
                        path,
                        request("/a/b?x=1", "Host: a"),
                        request("/a/./c/../b", "Host: b"),
                        request("/a/B", "Host: a")),
                arguments(
                        "the host",
                        host,
                        request("/", "Host: Example.COM"),
                        request("/b", "Host: example.com:8080"),
                        request("/", "Host: example.org")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sameAndOther")
    void sameToSame(String what, RequestKey key, RequestHead one, RequestHead same, RequestHead other) {
        assertNotEquals(RequestKey.ABSENT, of(key, one), what);
        assertEquals(of(key, one), of(key, same), what);
        assertNotEquals(of(key, one), of(key, other), what);
    }

    static Stream<Arguments> without() {
        return Stream.of(
                arguments(key(Part.HEADER, "x-user"), request("/", "Host: a", "X-User-Id: 7")),
                arguments(key(Part.HEADER, "x-user"), request("/", "Host: a", "X-User:")),
                arguments(key(Part.COOKIE, "sid"), request("/", "Host: a")),
                arguments(key(Part.COOKIE, "sid"), request("/", "Host: a", "Cookie: sid; sid=; =sid; a=sid=1")),
                arguments(key(Part.QUERY, "u"), request("/u=1", "Host: a")),
                arguments(key(Part.QUERY, "u"), request("/?u", "Host: a")),
                arguments(key(Part.QUERY, "u"), request("/?", "Host: a")));
    }

    @ParameterizedTest
    @MethodSource("without")
    void nothingWhereThePartIsMissing(RequestKey key, RequestHead head) {
        assertEquals(RequestKey.ABSENT, of(key, head));
    }

    @ParameterizedTest
    @CsvSource({
        "64, 2001:db8::1, 2001:db8::ffff:1, true",
        "64, 2001:db8::1, 2001:db8:0:1::1, false",
        "56, 2001:db8::1, 2001:db8:0:ff::1, true",
        "56, 2001:db8::1, 2001:db8:0:100::1, false",
        "128, 2001:db8::1, 2001:db8::2, false",
        "128, 2001:db8::1, 2001:db8::1, true",
        "65, 2001:db8::1, 2001:db8:0:0:8000::1, false",
        "1, 2001:db8::1, 3fff::1, true",
        "64, 192.0.2.1, 192.0.2.2, false",
        "1, 192.0.2.1, 192.0.2.2, false",
        "64, 192.0.2.1, ::ffff:192.0.2.1, true",
        "64, 192.0.2.1, ::ffff:192.0.2.2, false",
    })
    void clientIsItsAddressOrItsNetwork(int prefix, String one, String other, boolean isSame) {
        RequestKey key = key(Key.CLIENT, prefix, Optional.empty());
        long first = key.of(peer(one));
        assertEquals(isSame, first == key.of(peer(other)));
        assertEquals(first, key.of(ANY, clientOf(ANY, peer(one))), "a tunnel and a request of one client meet");
    }

    @Test
    void clientIsWhoTrustedProxiesSayItIs() {
        RequestKey key = key(Part.CLIENT, "");
        RequestHead forwarded = request("/", "Host: a", "X-Forwarded-For: 203.0.113.9");
        long far = key.of(peer("203.0.113.9"));
        assertEquals(far, key.of(forwarded, clientOf(forwarded, peer("127.0.0.1"))));
        assertNotEquals(far, key.of(forwarded, clientOf(forwarded, peer("198.51.100.1"))), "not trusted");
    }

    @Test
    void unknownClientsHaveNoKey() {
        RequestKey key = key(Part.CLIENT, "");
        assertEquals(RequestKey.ABSENT, key.of(PeerAddress.NONE));
        assertEquals(RequestKey.ABSENT, key.of(ANY, new IpAddress()));
        assertEquals(RequestKey.ABSENT, key(Part.PATH, "").of(peer("192.0.2.1")), "a tunnel has no path");
    }

    @Test
    void seedDecides() {
        Key path = new Key(Part.PATH, "");
        long usual = of(key(path, 64, Optional.empty()), ANY);
        assertEquals(usual, of(key(path, 64, Optional.of(new Secret("app"))), ANY), "by default the upstream's name");
        assertNotEquals(usual, of(key(path, 64, Optional.of(new Secret("other"))), ANY));
    }

    @Test
    void stickyHeaderIsAKeyAndACookieIsNone() {
        RequestKey byHeader = RequestKey.forUpstream(
                "app",
                new BalanceConfig(BalanceConfig.Policy.P2C, Optional.of(new BalanceConfig.Sticky.Header("x-user"))));
        assertNotNull(byHeader);
        RequestHead head = request("/", "Host: a", "X-User: 7");
        assertEquals(of(key(Part.HEADER, "x-user"), head), of(byHeader, head));
        assertNull(RequestKey.forUpstream("app", new BalanceConfig(BalanceConfig.Policy.P2C, Optional.empty())));
    }
}
