package dev.headgate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.headgate.forward.ProxyHeader.Version;
import dev.headgate.forward.ToldClient.Certificate;
import dev.headgate.forward.ToldClient.Node;
import dev.headgate.forward.ToldClient.Secured;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a 000d0a51 5549540a ";

    private static @Nullable Node node(String text) {
        if (text.equals("none")) return null;
        String[] parts = text.split(" ");
        return Node.of(new InetSocketAddress(InetAddress.ofLiteral(parts[0]), Integer.parseInt(parts[1])));
    }

    private static ToldClient client(String source, String destination) {
        return new ToldClient(node(source), node(destination), null, null);
    }

    private static String hex(String spaced) {
        return spaced.replace(" ", "");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7 51000, 10.0.0.1 443, PROXY TCP4 192.0.2.7 10.0.0.1 51000 443",
        "192.0.2.7 0, 10.0.0.1 65535, PROXY TCP4 192.0.2.7 10.0.0.1 0 65535",
        "0.0.0.0 1, 255.255.255.255 80, PROXY TCP4 0.0.0.0 255.255.255.255 1 80",
        "2001:db8::7 51000, 2001:db8::1 443, PROXY TCP6 2001:db8::7 2001:db8::1 51000 443",
        "2001:db8::7 51000, 10.0.0.1 443, PROXY TCP6 2001:db8::7 ::ffff:a00:1 51000 443",
        "192.0.2.7 51000, ::1 443, PROXY TCP6 ::ffff:c000:207 ::1 51000 443",
        "0.0.0.0 51000, ::1 443, PROXY TCP6 ::ffff:0:0 ::1 51000 443",
        "none, 10.0.0.1 443, PROXY UNKNOWN",
        "192.0.2.7 51000, none, PROXY UNKNOWN",
        "none, none, PROXY UNKNOWN",
    })
    void firstVersionIsALine(String source, String destination, String line) {
        assertEquals(
                line + "\r\n",
                new String(ProxyHeader.of(Version.V1, client(source, destination)), StandardCharsets.US_ASCII));
    }

    static Stream<Arguments> binaries() {
        return Stream.of(
                arguments("192.0.2.7 51000", "10.0.0.1 443", "2111 000c c0000207 0a000001 c738 01bb"),
                arguments(
                        "2001:db8::7 51000",
                        "2001:db8::1 443",
                        "2121 0024 20010db8000000000000000000000007 20010db8000000000000000000000001 c738 01bb"),
                arguments(
                        "192.0.2.7 51000",
                        "::1 443",
                        "2121 0024 00000000000000000000ffffc0000207 00000000000000000000000000000001 c738 01bb"),
                arguments(
                        "::1 0",
                        "192.0.2.7 65535",
                        "2121 0024 00000000000000000000000000000001 00000000000000000000ffffc0000207 0000 ffff"),
                arguments("none", "10.0.0.1 443", "2100 0000"),
                arguments("192.0.2.7 51000", "none", "2100 0000"));
    }

    @ParameterizedTest
    @MethodSource("binaries")
    void secondVersionIsBinary(String source, String destination, String bytes) {
        assertEquals(
                hex(SIGNATURE + bytes),
                HexFormat.of().formatHex(ProxyHeader.of(Version.V2, client(source, destination))));
    }

    @Test
    void proxysOwnConnectionsNameNobody() {
        assertEquals("PROXY UNKNOWN\r\n", new String(ProxyHeader.own(Version.V1), StandardCharsets.US_ASCII));
        assertEquals(hex(SIGNATURE + "2000 0000"), HexFormat.of().formatHex(ProxyHeader.own(Version.V2)));
    }

    @Test
    void nameAndProtocolFollowTheAddresses() {
        var secured = new Secured("TLSv1.3", "TLS_AES_128_GCM_SHA256", "h2", Certificate.NONE, false);
        var client = new ToldClient(node("192.0.2.7 1"), node("10.0.0.1 2"), "a.test", secured);
        assertEquals(
                hex(SIGNATURE + "2111 0045 c0000207 0a000001 0001 0002"
                        + " 01 0002 6832" // ALPN
                        + " 02 0006 612e74657374" // authority
                        + " 20 0028 01 00000001 21 0007 544c5376312e33 23 0016 "
                        + HexFormat.of().formatHex("TLS_AES_128_GCM_SHA256".getBytes(StandardCharsets.US_ASCII))),
                HexFormat.of().formatHex(ProxyHeader.of(Version.V2, client)));
    }

    @ParameterizedTest
    @CsvSource({
        // what the client has shown, whether the session is resumed; bits and verdict
        "NONE, false, 0100000001",
        "NONE, true, 0100000001",
        "UNVERIFIED, false, 0700000001",
        "VERIFIED, false, 0700000000",
        "VERIFIED, true, 0500000000",
    })
    void certificateIsToldOf(Certificate shown, boolean isResumed, String expected) {
        var secured = new Secured("TLSv1.2", "X", null, shown, isResumed);
        var client = new ToldClient(node("192.0.2.7 1"), node("10.0.0.1 2"), null, secured);
        String header = HexFormat.of().formatHex(ProxyHeader.of(Version.V2, client));
        int from =
                hex(SIGNATURE + "2111 0000 c0000207 0a000001 0001 0002 20 0000").length();
        assertEquals(expected, header.substring(from, from + expected.length()));
    }

    @Test
    void firstVersionSaysNothingOfTls() {
        var secured = new Secured("TLSv1.3", "X", "h2", Certificate.VERIFIED, false);
        var client = new ToldClient(node("192.0.2.7 1"), node("10.0.0.1 2"), "a.test", secured);
        assertEquals(
                "PROXY TCP4 192.0.2.7 10.0.0.1 1 2\r\n",
                new String(ProxyHeader.of(Version.V1, client), StandardCharsets.US_ASCII));
    }
}
