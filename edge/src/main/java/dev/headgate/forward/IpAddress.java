package dev.headgate.forward;

import dev.headgate.engine.HotPath;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An IP address as 128 bits, or no address at all (the peer of a Unix-domain socket). Mutable, for reuse; owned by its
 * caller.
 *
 * <p>An IPv4 address is held as the IPv6 address that it is mapped to, {@code ::ffff:a.b.c.d} (RFC 4291 §2.5.5.2), so that
 * both spellings are one address. Texts are read strictly: four decimal parts without leading zeros (RFC 3986 §3.2.2),
 * or the forms of RFC 4291 §2.2 without a zone.
 */
@HotPath
public final class IpAddress {
    private static final int GROUPS = 8;
    private static final int GROUP_BITS = 16;
    private static final long MAPPED_IPV4 = 0xffffL << 32;
    private static final long NOT_IPV4 = -1;

    private long high;
    private long low;
    private boolean known;

    /** No address yet. */
    public IpAddress() {}

    /** The upper half in network order; 0 when not {@link #isKnown}. */
    public long high() {
        return high;
    }

    /** The lower half in network order; 0 when not {@link #isKnown}. */
    public long low() {
        return low;
    }

    public boolean isKnown() {
        return known;
    }

    boolean isIpv6() {
        return known && !isIpv4(high, low);
    }

    /** Whether {@code high} and {@code low} hold an IPv4 address. */
    public static boolean isIpv4(long high, long low) {
        return high == 0 && (low & ~0xffff_ffffL) == MAPPED_IPV4;
    }

    /** Appends the text of RFC 5952, or {@code unknown}, at the position of {@code out}: at most 39 bytes. */
    public void writeTo(ByteBuffer out) {
        if (known) {
            IpText.write(high, low, out);
        } else {
            IpText.writeUnknown(out);
        }
    }

    void clear() {
        set(0, 0);
        known = false;
    }

    void set(long high, long low) {
        this.high = high;
        this.low = low;
        known = true;
    }

    /** Takes 4 or 16 bytes in network order. */
    void setBytes(byte[] address) {
        if (address.length == 4) {
            set(0, MAPPED_IPV4 | wordOf(address, 0, 4));
        } else {
            set(wordOf(address, 0, 8), wordOf(address, 8, 8));
        }
    }

    private static long wordOf(byte[] bytes, int offset, int length) {
        long word = 0;
        for (int i = 0; i < length; i++) {
            word = word << 8 | (bytes[offset + i] & 0xff);
        }
        return word;
    }

    /** Reads an IPv4 address that fills {@code offset … end}; false, with nothing changed, when there is none. */
    boolean readIpv4(ByteBuffer bytes, int offset, int end) {
        long ipv4 = ipv4(bytes, offset, end);
        if (ipv4 == NOT_IPV4) {
            return false;
        }
        set(0, MAPPED_IPV4 | ipv4);
        return true;
    }

    private static long ipv4(ByteBuffer bytes, int offset, int end) {
        long address = 0;
        int at = offset;
        for (int part = 0; part < 4; part++) {
            int start = at;
            int value = 0;
            while (at < end && at - start < 3 && isDigit(bytes.get(at))) {
                value = value * 10 + bytes.get(at++) - '0';
            }
            boolean leadingZero = at - start > 1 && bytes.get(start) == '0';
            if (at == start || value > 255 || leadingZero) {
                return NOT_IPV4;
            }
            address = address << 8 | value;
            if (part < 3 && (at == end || bytes.get(at++) != '.')) {
                return NOT_IPV4;
            }
        }
        return at == end ? address : NOT_IPV4;
    }

    /**
     * Reads an IPv6 address that fills {@code offset … end}; false, with anything left behind, when there is none.
     */
    boolean readIpv6(ByteBuffer bytes, int offset, int end) {
        clear();
        int gapGroups = -1; // groups before "::"
        long beforeGapHigh = 0;
        long beforeGapLow = 0;
        int groups = 0;
        int at = offset;
        if (isColon(bytes, at, end) && !isColon(bytes, at + 1, end)) {
            return false;
        }
        while (at < end) {
            if (isColon(bytes, at, end)) { // the second colon of "::", or the first of a leading one
                if (gapGroups >= 0) {
                    return false;
                }
                at += groups == 0 ? 2 : 1;
                gapGroups = groups;
                beforeGapHigh = high;
                beforeGapLow = low;
                set(0, 0);
                continue;
            }
            int groupEnd = hexEnd(bytes, at, end);
            if (groupEnd < end && bytes.get(groupEnd) == '.') {
                long ipv4 = ipv4(bytes, at, end);
                if (ipv4 == NOT_IPV4) {
                    return false;
                }
                push((int) (ipv4 >>> GROUP_BITS));
                push((int) (ipv4 & 0xffff));
                groups += 2;
                break;
            }
            if (groupEnd == at || groups == GROUPS) {
                return false;
            }
            push(hex(bytes, at, groupEnd));
            groups++;
            at = groupEnd;
            if (at < end && (!isColon(bytes, at, end) || ++at == end)) {
                return false; // something else than a colon, or a colon that nothing follows
            }
        }
        return finishIpv6(groups, gapGroups, beforeGapHigh, beforeGapLow);
    }

    // "::" stands for one group of zeros at least. What came before it moves to the top.
    private boolean finishIpv6(int groups, int gapGroups, long beforeGapHigh, long beforeGapLow) {
        if (gapGroups < 0) {
            known = groups == GROUPS;
            return known;
        }
        if (groups >= GROUPS) {
            return false;
        }
        int shift = (GROUPS - gapGroups) * GROUP_BITS;
        if (shift >= Long.SIZE) {
            high |= shift == 2 * Long.SIZE ? 0 : beforeGapLow << (shift - Long.SIZE);
        } else {
            high |= beforeGapHigh << shift | beforeGapLow >>> (Long.SIZE - shift);
            low |= beforeGapLow << shift;
        }
        known = true;
        return true;
    }

    private void push(int group) {
        high = high << GROUP_BITS | low >>> (Long.SIZE - GROUP_BITS);
        low = low << GROUP_BITS | group;
    }

    private static int hexEnd(ByteBuffer bytes, int offset, int end) {
        int at = offset;
        while (at < end && at - offset < 4 && Character.digit(bytes.get(at), 16) >= 0) {
            at++;
        }
        return at;
    }

    private static int hex(ByteBuffer bytes, int offset, int end) {
        int value = 0;
        for (int at = offset; at < end; at++) {
            value = value << 4 | Character.digit(bytes.get(at), 16);
        }
        return value;
    }

    private static boolean isColon(ByteBuffer bytes, int at, int end) {
        return at < end && bytes.get(at) == ':';
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    @Override
    public String toString() {
        ByteBuffer out = ByteBuffer.allocate(IpText.LENGTH_MAX);
        writeTo(out);
        return new String(out.array(), 0, out.position(), StandardCharsets.US_ASCII);
    }
}
