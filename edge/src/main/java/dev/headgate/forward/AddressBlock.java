package dev.headgate.forward;

import dev.headgate.engine.Immutable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A block of addresses such as {@code 10.0.0.0/8} or {@code fd00::/8}. An IPv4 block is the block of the addresses that
 * its own are mapped to.
 *
 * @param high upper half of the network, host bits zero
 * @param low lower half of the network, host bits zero
 * @param maskHigh upper half of the mask
 * @param maskLow lower half of the mask
 */
@Immutable
public record AddressBlock(long high, long low, long maskHigh, long maskLow) {
    private static final int BITS = 128;
    private static final int IPV4_BITS = 32;

    /** The block of {@code prefixBits} leading bits of a network of 4 or 16 bytes; other bits count as zero. */
    public static AddressBlock of(byte[] network, int prefixBits) {
        if (network.length != 4 && network.length != 16) {
            throw new IllegalArgumentException("not an address: length=" + network.length);
        }
        IpAddress address = new IpAddress();
        address.setBytes(network);
        return of(address, prefixBits, network.length * 8);
    }

    /** Reads an address with a prefix length, or a single address. Throws {@link IllegalArgumentException} otherwise. */
    public static AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        byte[] bytes = (slash < 0 ? text : text.substring(0, slash)).getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        IpAddress address = new IpAddress();
        boolean isIpv4 = address.readIpv4(buffer, 0, bytes.length);
        if (!isIpv4 && !address.readIpv6(buffer, 0, bytes.length)) {
            throw new IllegalArgumentException("not an address block: " + text);
        }
        int bitsMax = isIpv4 ? IPV4_BITS : BITS;
        return of(address, slash < 0 ? bitsMax : prefixBits(text, slash + 1), bitsMax);
    }

    private static AddressBlock of(IpAddress address, int prefixBits, int bitsMax) {
        if (prefixBits < 0 || prefixBits > bitsMax) {
            throw new IllegalArgumentException("prefix length out of range: bits=" + prefixBits + ", limit=" + bitsMax);
        }
        int bits = prefixBits + BITS - bitsMax;
        long maskHigh = mask(bits);
        long maskLow = mask(bits - Long.SIZE);
        return new AddressBlock(address.high() & maskHigh, address.low() & maskLow, maskHigh, maskLow);
    }

    private static int prefixBits(String text, int start) {
        String digits = text.substring(start);
        boolean isNumber = !digits.isEmpty()
                && digits.length() <= 3
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && (digits.length() == 1 || digits.charAt(0) != '0');
        if (!isNumber) {
            throw new IllegalArgumentException("not an address block: " + text);
        }
        return Integer.parseInt(digits);
    }

    private static long mask(int bits) {
        if (bits <= 0) {
            return 0;
        }
        return bits >= Long.SIZE ? -1L : -1L << (Long.SIZE - bits);
    }

    boolean contains(long addressHigh, long addressLow) {
        return (addressHigh & maskHigh) == high && (addressLow & maskLow) == low;
    }
}
