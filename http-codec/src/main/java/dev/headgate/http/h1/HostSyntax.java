package dev.headgate.http.h1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Checks {@code host [":" port]} (RFC 3986 §3.2.2, §3.2.3), narrowed to what names a server: host names of letters,
 * digits, hyphens and underscores in non-empty labels, dotted IPv4 addresses, and IPv6 addresses in brackets. Other
 * registered names, percent-escapes and future address forms are refused: no resolver knows them, and parsers differ.
 */
public final class HostSyntax {
    /** Not a host. */
    public static final long INVALID = -1;

    private static final VarHandle LONG_LE =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int NAME_BYTES_MAX = 255;
    private static final int LABEL_BYTES_MAX = 63;
    private static final int PORT_MAX = 65_535;

    private HostSyntax() {}

    /**
     * Checks a host with its port, if it has one.
     *
     * @return {@link #INVALID}, or a value for {@link #hostLength} and {@link #port}
     */
    public static long parse(ByteBuffer source, int offset, int length) {
        int end = offset + length;
        int hostEnd = length > 0 ? hostEnd(source, offset, end) : -1;
        if (hostEnd < 0) {
            return INVALID;
        }
        int port = port(source, hostEnd, end);
        return port < -1 ? INVALID : (long) (hostEnd - offset) << 32 | port + 1;
    }

    /** Length of the host in a parsed value. */
    public static int hostLength(long parsed) {
        return (int) (parsed >>> 32);
    }

    /** The port in a parsed value, or −1. */
    public static int port(long parsed) {
        return (int) parsed - 1;
    }

    /** Length without a colon that no port follows. */
    public static int authorityLength(long parsed, int length) {
        return port(parsed) < 0 ? hostLength(parsed) : length;
    }

    /**
     * The port at {@code from}, −1 when there is none, −2 when it is wrong. An empty port is none (RFC 3986 §3.2.3). One with a leading zero is
     * wrong: it would have two spellings, and what goes on has one.
     */
    private static int port(ByteBuffer source, int from, int end) {
        if (from == end) {
            return -1;
        }
        if (source.get(from) != ':' || end - from > 6) {
            return -2;
        }
        if (from + 1 == end) {
            return -1;
        }
        if (source.get(from + 1) == '0') {
            return -2;
        }
        int port = 0;
        for (int i = from + 1; i < end; i++) {
            int digit = source.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return -2;
            }
            port = port * 10 + digit;
        }
        return port > PORT_MAX ? -2 : port;
    }

    private static int hostEnd(ByteBuffer source, int offset, int end) {
        byte first = source.get(offset);
        if (first == '[') {
            return ipv6End(source, offset, end);
        }
        int hostEnd = first <= '9' ? ipv4End(source, offset, end) : plainNameEnd(source, offset, end);
        return hostEnd > offset && (hostEnd == end || source.get(hostEnd) == ':')
                ? hostEnd
                : nameEnd(source, offset, end);
    }

    /**
     * Where what may be a name without underscore ends, by words, or −1 when it is longer than a label may be. It is a
     * name if it has more than digits and dots, and a colon or nothing behind it. The tests hold it against
     * {@link #nameEnd}.
     */
    private static int plainNameEnd(ByteBuffer source, int offset, int end) {
        int at = offset;
        long dotBefore = ByteScan.FIRST_MARK; // a name with an empty label first is none
        long others = 0;
        while (others == 0 && at < end && end >= 8) {
            long word = end - at >= 8 ? (long) LONG_LE.get(source, at) : ByteScan.rest(source, at, end);
            long dots = ByteScan.dots(word);
            others = ByteScan.others(dots | ByteScan.lettersAndHyphens(word) | ByteScan.digits(word), word);
            if ((dots & (dots << 8 | dotBefore) & others - 1 & ~others) != 0) {
                return -1;
            }
            dotBefore = dots >>> 56;
            at += others == 0 ? 8 : ByteScan.indexOf(others);
        }
        return at - offset > LABEL_BYTES_MAX ? -1 : at;
    }

    private static int nameEnd(ByteBuffer source, int offset, int end) {
        int labelStart = offset;
        boolean numeric = true;
        int at = offset;
        for (; at < end && source.get(at) != ':'; at++) {
            byte b = source.get(at);
            if (b == '.') {
                if (at == labelStart) {
                    return -1;
                }
                labelStart = at + 1;
            } else if (!isNameByte(b) || at - labelStart >= LABEL_BYTES_MAX) {
                return -1;
            } else {
                numeric &= b >= '0' && b <= '9';
            }
        }
        if (at == offset || at - offset > NAME_BYTES_MAX) {
            return -1;
        }
        return numeric && ipv4End(source, offset, at) != at ? -1 : at;
    }

    private static boolean isNameByte(byte b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_';
    }

    /** The end of four decimal octets at {@code from}, or −1 (RFC 3986 §3.2.2). */
    private static int ipv4End(ByteBuffer source, int from, int end) {
        int dots = 0;
        int digits = 0;
        int octet = 0;
        int at = from;
        for (; at < end; at++) {
            byte b = source.get(at);
            if (b >= '0' && b <= '9') {
                boolean leadingZero = digits > 0 && octet == 0;
                octet = octet * 10 + b - '0';
                digits++;
                if (leadingZero || octet > 255) {
                    return -1;
                }
            } else if (b == '.' && digits > 0 && dots < 3) {
                dots++;
                digits = 0;
                octet = 0;
            } else {
                break;
            }
        }
        return dots == 3 && digits > 0 ? at : -1;
    }

    /** The index behind the closing bracket of an IPv6 address at {@code offset}, or −1 (RFC 3986 §3.2.2). */
    private static int ipv6End(ByteBuffer source, int offset, int end) {
        int at = offset + 1;
        int groups = 0;
        boolean elided = false;
        while (at < end && source.get(at) != ']') {
            if (source.get(at) == ':') {
                // Either the double colon, once, or the single one that parts two groups.
                boolean isDouble = at + 1 < end && source.get(at + 1) == ':';
                if (isDouble ? elided : groups == 0 || at + 1 < end && source.get(at + 1) == ']') {
                    return -1;
                }
                elided |= isDouble;
                at += isDouble ? 2 : 1;
                if (at < end && source.get(at) == ':') {
                    return -1;
                }
                continue;
            }
            int groupEnd = hexGroupEnd(source, at, end);
            if (groupEnd < end && source.get(groupEnd) == '.') {
                groupEnd = ipv4End(source, at, end);
                if (groupEnd < 0 || groupEnd == end || source.get(groupEnd) != ']') {
                    return -1;
                }
                groups++;
            }
            if (groupEnd == at || groupEnd == end || source.get(groupEnd) != ':' && source.get(groupEnd) != ']') {
                return -1;
            }
            groups++;
            at = groupEnd;
        }
        boolean wholeOrElided = elided ? groups <= 7 : groups == 8;
        return at < end && wholeOrElided ? at + 1 : -1;
    }

    private static int hexGroupEnd(ByteBuffer source, int from, int end) {
        int at = from;
        while (at < end && at - from < 4 && Character.digit(source.get(at), 16) >= 0) {
            at++;
        }
        return at;
    }
}
