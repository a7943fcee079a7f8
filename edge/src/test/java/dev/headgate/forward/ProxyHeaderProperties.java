package dev.headgate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.forward.ProxyHeader.Version;
import dev.headgate.forward.ToldClient.Certificate;
import dev.headgate.forward.ToldClient.Node;
import dev.headgate.forward.ToldClient.Secured;
import dev.headgate.testkit.peer.ProxyHeaderReader;
import dev.headgate.testkit.peer.ProxyHeaderReader.Told;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;

/** What is written is what a plain reader finds, and not a byte more or less. */
class ProxyHeaderProperties {
    private static final long MAPPED = 0xffffL << 32;

    @Provide
    Arbitrary<Node> nodes() {
        Arbitrary<Integer> ports = Arbitraries.integers().between(0, 0xffff);
        Arbitrary<Node> ipv4 = Combinators.combine(Arbitraries.longs().between(0, 0xffff_ffffL), ports)
                .as((address, port) -> new Node(0, MAPPED | address, port));
        Arbitrary<Node> ipv6 = Combinators.combine(Arbitraries.longs(), Arbitraries.longs(), ports)
                .as(Node::new);
        return Arbitraries.oneOf(ipv4, ipv6);
    }

    @Property(tries = 500)
    void addressesAreReadAgain(@ForAll("nodes") Node source, @ForAll("nodes") Node destination, @ForAll Version version)
            throws IOException {
        Told told = read(ProxyHeader.of(version, new ToldClient(source, destination, null, null)));
        boolean isIpv4 = source.isIpv4() && destination.isIpv4();
        assertEquals(version == Version.V1 ? "v1" : "v2", told.form());
        assertEquals(isIpv4 ? "TCP4" : "TCP6", told.kind());
        assertEquals(text(source, isIpv4), told.source());
        assertEquals(text(destination, isIpv4), told.destination());
    }

    @Property(tries = 200)
    void whatElseIsKnownIsReadAgain(
            @ForAll("nodes") Node source,
            @ForAll("nodes") Node destination,
            @ForAll @AlphaChars @StringLength(min = 1, max = 253) String serverName,
            @ForAll @AlphaChars @StringLength(min = 1, max = 255) String protocol,
            @ForAll Certificate certificate,
            @ForAll boolean isResumed)
            throws IOException {
        var secured = new Secured("TLSv1.3", "TLS_AES_256_GCM_SHA384", protocol, certificate, isResumed);
        Told told = read(ProxyHeader.of(Version.V2, new ToldClient(source, destination, serverName, secured)));
        assertEquals(protocol, told.text(0x01));
        assertEquals(serverName, told.text(0x02));
        assertEquals("TLSv1.3", told.text(0x21));
        assertEquals("TLS_AES_256_GCM_SHA384", told.text(0x23));
        assertEquals(10, told.more().get(0x20).length());
    }

    private static Told read(byte[] header) throws IOException {
        var in = new ByteArrayInputStream(header);
        Told told = ProxyHeaderReader.read(in);
        assertEquals(0, in.available());
        return told;
    }

    private static String text(Node node, boolean isIpv4) throws IOException {
        byte[] bytes =
                ByteBuffer.allocate(16).putLong(node.high()).putLong(node.low()).array();
        if (node.isIpv4() && !isIpv4) {
            return "::ffff:%x:%x %d".formatted(node.low() >>> 16 & 0xffff, node.low() & 0xffff, node.port());
        }
        return InetAddress.getByAddress(bytes).getHostAddress() + " " + node.port();
    }
}
