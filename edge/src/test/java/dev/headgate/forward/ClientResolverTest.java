package dev.headgate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.http.RequestHead;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Row H1-26: whom an untrusted peer, and whom a trusted one, speaks for. Trusted are 10.0.0.0/8 and fd00::/8. */
class ClientResolverTest {
    private static final TrustedProxies TRUSTED = TrustedProxies.parse(List.of("10.0.0.0/8", "fd00::/8"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: 127.0.0.1",
                "X-Forwarded-For: 10.0.0.1",
                "Forwarded: for=127.0.0.1",
                "X-Real-IP: 127.0.0.1",
                "True-Client-IP: 127.0.0.1"
            })
    void takesAnUntrustedPeerForTheClient(String line) {
        assertEquals("203.0.113.9", client("203.0.113.9", line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "198.51.100.1|198.51.100.1",
                "198.51.100.1, 10.0.0.2|198.51.100.1",
                "1.1.1.1, 198.51.100.1, 10.0.0.2, 10.0.0.3|198.51.100.1",
                "127.0.0.1, 198.51.100.1|198.51.100.1",
                "10.0.0.3, 10.0.0.2|10.0.0.3",
                "198.51.100.1:4711|198.51.100.1",
                "198.51.100.1:0|198.51.100.1",
                "2001:db8::1|2001:db8::1",
                "[2001:db8::1]|2001:db8::1",
                "[2001:db8::1]:4711|2001:db8::1",
                "[2001:db8::1]:_port|2001:db8::1",
                "2001:db8::1, fd00::7|2001:db8::1",
                "2001:db8::1, ::ffff:10.0.0.7|2001:db8::1",
                "::ffff:198.51.100.1|198.51.100.1",
                "198.51.100.1,10.0.0.2|198.51.100.1",
                "198.51.100.1 ,\t10.0.0.2|198.51.100.1",
                "198.51.100.1, , 10.0.0.2,|198.51.100.1",
                "unknown, 198.51.100.1|198.51.100.1",
                "junk \", 198.51.100.1|198.51.100.1",
                // From here on: no reliable word, so the peer.
                "''|10.0.0.1",
                ",,|10.0.0.1",
                "unknown|10.0.0.1",
                "_hidden|10.0.0.1",
                "198.51.100.1, unknown|10.0.0.1",
                "198.51.100.1, unknown, 10.0.0.2|10.0.0.1",
                "198.51.100.1, 10.0.0.256|10.0.0.1",
                "198.51.100.01|10.0.0.1",
                "198.51.100.1:65536|10.0.0.1",
                "198.51.100.1:123456|10.0.0.1",
                "198.51.100.1:|10.0.0.1",
                "198.51.100.1:_|10.0.0.1",
                "198.51.100.1:_a!|10.0.0.1",
                "198.51.100.1 10.0.0.2|10.0.0.1",
                "[2001:db8::1|10.0.0.1",
                "[2001:db8::1]x|10.0.0.1",
                "2001:db8::1]|10.0.0.1",
                "fe80::1%eth0|10.0.0.1",
                "\"198.51.100.1\"|10.0.0.1",
                "for=198.51.100.1|10.0.0.1",
                "localhost|10.0.0.1"
            })
    void walksXForwardedForOfATrustedPeer(String value, String expected) {
        assertEquals(expected, client("10.0.0.1", "X-Forwarded-For: " + value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "for=198.51.100.1|198.51.100.1",
                "For=198.51.100.1|198.51.100.1",
                "for=\"198.51.100.1:4711\"|198.51.100.1",
                "for=\"[2001:db8::1]\"|2001:db8::1",
                "for=\"[2001:db8::1]:0\"|2001:db8::1",
                "for=\"[::1]:0\"|::1",
                "for=\"[2001:db8::1]:_p\"|2001:db8::1",
                "for=198.51.100.1;proto=https;by=203.0.113.43|198.51.100.1",
                "proto=https; for=198.51.100.1 ;host=\"a,b;c\\\"d\"|198.51.100.1",
                "for=127.0.0.1, for=198.51.100.1, for=10.0.0.2|198.51.100.1",
                "for=10.0.0.3, for=10.0.0.2|10.0.0.3",
                "for=unknown, for=198.51.100.1|198.51.100.1",
                ", for=198.51.100.1, ,|198.51.100.1",
                // From here on: no reliable word, so the peer.
                "for=unknown|10.0.0.1",
                "for=_hidden|10.0.0.1",
                "for=\"_hidden\"|10.0.0.1",
                "proto=https|10.0.0.1",
                "for=198.51.100.1, proto=https|10.0.0.1",
                "for=|10.0.0.1",
                "for=\"\"|10.0.0.1",
                "for|10.0.0.1",
                "for =198.51.100.1|10.0.0.1",
                "for= 198.51.100.1|10.0.0.1",
                "for=198.51.100.1:4711|10.0.0.1",
                "for=2001:db8::1|10.0.0.1",
                "for=\"2001:db8::1\"|10.0.0.1",
                "for=[2001:db8::1]|10.0.0.1",
                "for=\"[2001:db8::1\"|10.0.0.1",
                "for=\"198.51.100.1|10.0.0.1",
                "for=\"198.51.100.1\\|10.0.0.1",
                "for=\"198.51.100.1\"x|10.0.0.1",
                "for=\"198.51.100\\.1\"|10.0.0.1",
                "for=198.51.100.1;for=198.51.100.2|10.0.0.1",
                "for=198.51.100.1 proto=https|10.0.0.1",
                "for=\"x, for=198.51.100.1|10.0.0.1",
                "198.51.100.1|10.0.0.1"
            })
    void walksForwardedOfATrustedPeer(String value, String expected) {
        assertEquals(expected, client("10.0.0.1", "Forwarded: " + value));
    }

    @Test
    void joinsLinesInOrder() {
        assertEquals("198.51.100.1", client("10.0.0.1", "X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 10.0.0.2"));
        assertEquals("198.51.100.2", client("10.0.0.1", "X-Forwarded-For: 10.0.0.2", "x-forwarded-for: 198.51.100.2"));
        assertEquals("198.51.100.1", client("10.0.0.1", "Forwarded: for=198.51.100.1", "Forwarded: for=10.0.0.2"));
        assertEquals("10.0.0.1", client("10.0.0.1", "Forwarded: for=\"", "Forwarded: for=10.0.0.2"));
    }

    @Test
    void prefersTheListThatEveryProxyWrites() {
        assertEquals("198.51.100.1", client("10.0.0.1", "Forwarded: for=127.0.0.1", "X-Forwarded-For: 198.51.100.1"));
    }

    @Test
    void trustsNobodyByDefault() {
        IpAddress client = new IpAddress();
        RequestHead head = Heads.request("X-Forwarded-For: 198.51.100.1");

        new ClientResolver(TrustedProxies.NONE).resolve(head, Heads.peer("10.0.0.1"), client);

        assertEquals("10.0.0.1", Heads.text(client));
    }

    @Test
    void knowsNoClientBehindAUnixDomainSocket() {
        IpAddress client = new IpAddress();
        client.set(1, 2);

        new ClientResolver(TRUSTED).resolve(Heads.request("X-Forwarded-For: 1.2.3.4"), PeerAddress.NONE, client);

        assertEquals("unknown", Heads.text(client));
    }

    @Test
    void looksAtFiftyHopsOfOneLine() {
        assertEquals("198.51.100.1", client("10.0.0.1", "X-Forwarded-For: 198.51.100.1" + ", 10.0.0.2".repeat(48)));
        assertEquals("198.51.100.1", client("10.0.0.1", "X-Forwarded-For: 198.51.100.1" + ", 10.0.0.2".repeat(49)));
        assertEquals("10.0.0.1", client("10.0.0.1", "X-Forwarded-For: 198.51.100.1" + ", 10.0.0.2".repeat(50)));
        assertEquals("198.51.100.1", client("10.0.0.1", "Forwarded: for=198.51.100.1" + ", for=10.0.0.2".repeat(48)));
        assertEquals("198.51.100.1", client("10.0.0.1", "Forwarded: for=198.51.100.1" + ", for=10.0.0.2".repeat(49)));
        assertEquals("10.0.0.1", client("10.0.0.1", "Forwarded: for=198.51.100.1" + ", for=10.0.0.2".repeat(50)));
    }

    @Test
    void looksAtFiftyHopsOfAllLines() {
        String[] lines = new String[50];
        Arrays.fill(lines, "X-Forwarded-For: 10.0.0.2");
        lines[0] = "X-Forwarded-For: 198.51.100.1";
        assertEquals("198.51.100.1", client("10.0.0.1", lines));

        lines[1] = "X-Forwarded-For: 10.0.0.2, 10.0.0.3";
        assertEquals("10.0.0.1", client("10.0.0.1", lines));
    }

    @Test
    void isNotImpressedByPaddingBeforeTheClient() {
        assertEquals(
                "198.51.100.1", client("10.0.0.1", "X-Forwarded-For: " + "1.1.1.1, ".repeat(1_000) + "198.51.100.1"));
        assertEquals(
                "198.51.100.1", client("10.0.0.1", "Forwarded: " + "for=1.1.1.1, ".repeat(500) + "for=198.51.100.1"));
    }

    @Test
    void looksAtEightKibibytes() {
        int max = ClientResolver.LIST_BYTES_MAX;
        // Blanks around the hop count; the list as a whole is `length` bytes.
        assertEquals(
                "198.51.100.1",
                client("10.0.0.1", "X-Forwarded-For: " + padded("198.51.100.1, ", max - 1, "10.0.0.2")));
        assertEquals(
                "198.51.100.1", client("10.0.0.1", "X-Forwarded-For: " + padded("198.51.100.1, ", max, "10.0.0.2")));
        assertEquals(
                "10.0.0.1", client("10.0.0.1", "X-Forwarded-For: " + padded("198.51.100.1, ", max + 1, "10.0.0.2")));
        assertEquals(
                "198.51.100.1",
                client("10.0.0.1", "Forwarded: " + padded("for=198.51.100.1, ", max - 1, "for=10.0.0.2")));
        assertEquals(
                "198.51.100.1", client("10.0.0.1", "Forwarded: " + padded("for=198.51.100.1, ", max, "for=10.0.0.2")));
        assertEquals(
                "10.0.0.1", client("10.0.0.1", "Forwarded: " + padded("for=198.51.100.1, ", max + 1, "for=10.0.0.2")));
    }

    private static String padded(String first, int length, String last) {
        return first + " ".repeat(length - first.length() - last.length()) + last;
    }

    private static String client(String peer, String... lines) {
        IpAddress client = new IpAddress();
        new ClientResolver(TRUSTED).resolve(Heads.request(lines), Heads.peer(peer), client);
        return Heads.text(client);
    }
}
