package dev.headgate.tls.hello;

/**
 * What a host name in a hello may be (RFC 6066 §3): a DNS name. It has the same letters as the name in {@code Host},
 * underscores included, for the two are compared. The RFC wants no trailing dot, but Python's {@code ssl} sends what it is
 * given: one is passed over, as it is in {@code Host}. The JDK's engine refuses such a name itself, and an address in brackets
 * too; so it is the connections that are passed on unopened which gain by this.
 */
final class ServerNameSyntax {
    /** 255 bytes in a DNS message (RFC 1035 §2.3.4) are this many characters. */
    static final int NAME_BYTES_MAX = 253;

    static final int LABEL_BYTES_MAX = 63;

    private static final int IPV4_DOTS = 3;
    private static final int OCTET_MAX = 255;
    private static final int IPV6_COLONS_MIN = 2;

    private ServerNameSyntax() {}

    /** The length without a last dot, of which there may be one. */
    static int lengthWithoutDot(byte[] bytes, int offset, int length) {
        return length > 0 && bytes[offset + length - 1] == '.' ? length - 1 : length;
    }

    /**
     * Whether this is an IP address: four decimal octets; or hexadecimal digits, dots and at least two colons, whether they
     * make an IPv6 address or not, for a name has no colon. The latter may have a zone (RFC 4007 §11) and stand in brackets,
     * as in URIs.
     */
    static boolean isAddress(byte[] bytes, int offset, int length) {
        boolean isBracketed = length > 1 && bytes[offset] == '[' && bytes[offset + length - 1] == ']';
        return isBracketed
                ? isLikeIpv6(bytes, offset + 1, length - 2)
                : isIpv4(bytes, offset, length) || isLikeIpv6(bytes, offset, length);
    }

    /**
     * Checks a name and changes it to lower case in place. Not a name: empty labels, and so a dot
     * at the end; a label or
     * name too long; other bytes than letters, digits, hyphens and underscores; nothing but digits and dots.
     */
    static boolean takeName(byte[] bytes, int offset, int length) {
        if (length == 0 || length > NAME_BYTES_MAX) {
            return false;
        }
        int labelLength = 0;
        boolean numeric = true;
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            if (b == '.') {
                if (labelLength == 0) {
                    return false;
                }
                labelLength = 0;
                continue;
            }
            if (!isNameByte(b) || ++labelLength > LABEL_BYTES_MAX) {
                return false;
            }
            numeric &= isDigit(b);
            bytes[i] = lowerCase(b);
        }
        return labelLength > 0 && !numeric;
    }

    private static boolean isIpv4(byte[] bytes, int offset, int length) {
        int dots = 0;
        int digits = 0;
        int octet = 0;
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            if (isDigit(b)) {
                octet = octet * 10 + b - '0';
                digits++;
                if (octet > OCTET_MAX || digits > 3) {
                    return false;
                }
            } else if (b == '.' && digits > 0) {
                dots++;
                digits = 0;
                octet = 0;
            } else {
                return false;
            }
        }
        return dots == IPV4_DOTS && digits > 0;
    }

    private static boolean isLikeIpv6(byte[] bytes, int offset, int length) {
        int colons = 0;
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            if (b == ':') {
                colons++;
            } else if (b == '%') {
                return colons >= IPV6_COLONS_MIN && isZone(bytes, i + 1, offset + length);
            } else if (b != '.' && !isHexDigit(b)) {
                return false;
            }
        }
        return colons >= IPV6_COLONS_MIN;
    }

    /** At least one byte, of those that need no escape in a URI, or the percent sign that begins one (RFC 6874 §2). */
    private static boolean isZone(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (!isNameByte(b) && b != '.' && b != '~' && b != '%') {
                return false;
            }
        }
        return from < to;
    }

    private static boolean isNameByte(byte b) {
        return isDigit(b) || b == '-' || b == '_' || isLetter(b);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isHexDigit(byte b) {
        int letter = b | 0x20;
        return isDigit(b) || letter >= 'a' && letter <= 'f';
    }

    private static boolean isLetter(byte b) {
        int letter = b | 0x20;
        return letter >= 'a' && letter <= 'z';
    }

    private static byte lowerCase(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }
}
