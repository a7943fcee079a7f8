package dev.headgate.forward;

import java.nio.ByteBuffer;

/**
 * Reads the name of one hop: an address, with a port or without.
 *
 * <p>{@code X-Forwarded-For} has {@code a.b.c.d}, {@code a.b.c.d:port}, {@code [v6]}, {@code [v6]:port} and bare
 * {@code v6}; {@code Forwarded} has the same without the last (RFC 7239 §6). A port is a number or an obfuscated
 * {@code _name}; it is checked and not used. {@code unknown} and obfuscated nodes are no addresses.
 */
final class NodeReader {
    private NodeReader() {}

    /** Which field the node stands in. */
    enum Source {
        X_FORWARDED_FOR,
        FORWARDED
    }

    /** Reads the node that fills {@code offset … end}; false, with anything left in {@code address}, when it is none. */
    static boolean read(ByteBuffer bytes, int offset, int end, Source source, IpAddress address) {
        if (offset >= end) {
            return false;
        }
        if (bytes.get(offset) == '[') {
            int close = indexOf(']', bytes, offset, end);
            return close < end && address.readIpv6(bytes, offset + 1, close) && isPortOrEnd(bytes, close + 1, end);
        }
        int colon = indexOf(':', bytes, offset, end);
        if (source == Source.X_FORWARDED_FOR && indexOf(':', bytes, colon + 1, end) < end) {
            return address.readIpv6(bytes, offset, end);
        }
        return address.readIpv4(bytes, offset, colon) && isPortOrEnd(bytes, colon, end);
    }

    private static boolean isPortOrEnd(ByteBuffer bytes, int offset, int end) {
        if (offset == end) {
            return true;
        }
        if (bytes.get(offset) != ':' || offset + 1 == end) {
            return false;
        }
        return bytes.get(offset + 1) == '_' ? isObfuscated(bytes, offset + 2, end) : isPort(bytes, offset + 1, end);
    }

    private static boolean isPort(ByteBuffer bytes, int offset, int end) {
        int port = 0;
        for (int at = offset; at < end; at++) {
            if (!IpAddress.isDigit(bytes.get(at)) || at - offset == 5) {
                return false;
            }
            port = port * 10 + bytes.get(at) - '0';
        }
        return port <= 0xffff;
    }

    private static boolean isObfuscated(ByteBuffer bytes, int offset, int end) {
        for (int at = offset; at < end; at++) {
            byte b = bytes.get(at);
            boolean isLetter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
            if (!isLetter && !IpAddress.isDigit(b) && b != '.' && b != '_' && b != '-') {
                return false;
            }
        }
        return offset < end;
    }

    private static int indexOf(char c, ByteBuffer bytes, int offset, int end) {
        int at = offset;
        while (at < end && bytes.get(at) != c) {
            at++;
        }
        return at;
    }
}
