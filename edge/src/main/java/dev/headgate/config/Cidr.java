package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses such as {@code 10.0.0.0/8} or {@code fd00::/8}; an address without a length is a block of one.
 * Matching allocates nothing when given bytes.
 */
@Immutable
public final class Cidr {
    private final byte[] network; // 4 or 16 bytes, host bits zero
    private final int prefixBits;

    private Cidr(byte[] network, int prefixBits) {
        this.network = network;
        this.prefixBits = prefixBits;
    }

    /** The block that {@code text} names. */
    public static Cidr of(String text) {
        Cidr cidr = parse(text);
        if (cidr == null) throw new IllegalArgumentException("not an address block: " + text);
        return cidr;
    }

    /** The block that {@code text} names, or null when it names none or has bits set past its prefix. */
    static @Nullable Cidr parse(String text) {
        Cidr masked = parseMasked(text);
        if (masked == null) return null;
        int slash = text.indexOf('/');
        byte[] address = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash));
        // 10.0.0.1/8 is a slip more often than a wish: refuse it rather than guess which half was meant.
        return Arrays.equals(address, masked.network) ? masked : null;
    }

    /** The block that {@code text} names once bits past its prefix are cleared, or null. */
    static @Nullable Cidr parseMasked(String text) {
        int slash = text.indexOf('/');
        byte[] address = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null) return null;
        int bits = slash < 0 ? address.length * 8 : parsePrefix(text.substring(slash + 1), address.length * 8);
        if (bits < 0) return null;
        for (int bit = bits; bit < address.length * 8; bit++) {
            address[bit >> 3] &= (byte) ~(0x80 >> (bit & 7));
        }
        return new Cidr(address, bits);
    }

    private static int parsePrefix(String digits, int bitsMax) {
        if (digits.isEmpty() || digits.length() > 3 || (digits.length() > 1 && digits.charAt(0) == '0')) return -1;
        int bits = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') return -1;
            bits = bits * 10 + c - '0';
        }
        return bits <= bitsMax ? bits : -1;
    }

    /** Leading bits that an address must share. */
    public int prefixBits() {
        return prefixBits;
    }

    /** Whether {@code address} lies in this block; copies its bytes, so it is for cold paths. */
    public boolean contains(InetAddress address) {
        return contains(address.getAddress());
    }

    /**
     * Whether {@code address}, 4 or 16 bytes in network order, lies in this block. An IPv4 address mapped into IPv6
     * ({@code ::ffff:a.b.c.d}) counts as the IPv4 address that it is.
     */
    public boolean contains(byte[] address) {
        int offset = 0;
        if (address.length != network.length) {
            if (network.length != 4 || !isMappedIpv4(address)) return false;
            offset = 12;
        }
        int wholeBytes = prefixBits >> 3;
        for (int i = 0; i < wholeBytes; i++) {
            if (network[i] != address[offset + i]) return false;
        }
        int restBits = prefixBits & 7;
        if (restBits == 0) return true;
        int mask = 0xff00 >> restBits;
        return ((network[wholeBytes] ^ address[offset + wholeBytes]) & mask & 0xff) == 0;
    }

    private static boolean isMappedIpv4(byte[] address) {
        if (address.length != 16 || address[10] != -1 || address[11] != -1) return false;
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) return false;
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cidr cidr && prefixBits == cidr.prefixBits && Arrays.equals(network, cidr.network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + prefixBits;
    }

    @Override
    public String toString() {
        return IpLiteral.format(network) + "/" + prefixBits;
    }
}
