package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CidrProperties {
    @Property
    void addressesReadBackAsPrinted(@ForAll @Size(16) byte[] ipv6, @ForAll @Size(4) byte[] ipv4)
            throws UnknownHostException {
        assertArrayEquals(ipv6, IpLiteral.parse(IpLiteral.format(ipv6)));
        assertArrayEquals(ipv4, IpLiteral.parse(IpLiteral.format(ipv4)));
        InetAddress address = InetAddress.getByAddress(ipv4);
        assertEquals(address.getHostAddress(), IpLiteral.format(ipv4));
    }

    @Property
    void agreesWithArithmetic(
            @ForAll @Size(16) byte[] network, @ForAll @Size(16) byte[] address, @ForAll @IntRange(max = 128) int bits) {
        Cidr block = Cidr.parseMasked(IpLiteral.format(network) + "/" + bits);
        boolean shared = new BigInteger(1, network)
                .shiftRight(128 - bits)
                .equals(new BigInteger(1, address).shiftRight(128 - bits));
        assertEquals(shared, block.contains(address));
    }
}
