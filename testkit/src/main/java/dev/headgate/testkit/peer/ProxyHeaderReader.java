package dev.headgate.testkit.peer;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Reads the header of the PROXY protocol, byte by byte and not one more, strictly by its specification. */
public final class ProxyHeaderReader {
    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final int LINE_BYTES_MAX = 107; // CRLF included

    private ProxyHeaderReader() {}

    /**
     * What a header says.
     *
     * @param form {@code v1} or {@code v2}
     * @param kind {@code TCP4}, {@code TCP6}, {@code UNKNOWN}, or {@code LOCAL} of version 2
     * @param source address and port as {@code 127.0.0.1 80}; empty when there is none
     * @param destination likewise
     * @param more type-length-values of version 2 by type, in hex
     */
    public record Told(String form, String kind, String source, String destination, Map<Integer, String> more) {
        /** The value of a type, as text; empty when there is none. */
        public String text(int type) {
            String hex = more.getOrDefault(type, "");
            return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
        }
    }

    /** Reads one; throws {@link MalformedMessageException} when it is none. */
    public static Told read(InputStream from) throws IOException {
        int first = from.read();
        if (first < 0) {
            throw new EOFException("no header");
        }
        return first == 'P' ? readLine(from) : readBinary(first, new DataInputStream(from));
    }

    private static Told readLine(InputStream from) throws IOException {
        var line = new StringBuilder("P");
        while (line.length() < 2 || line.charAt(line.length() - 2) != '\r' || line.charAt(line.length() - 1) != '\n') {
            int next = from.read();
            if (next < 0 || line.length() == LINE_BYTES_MAX) {
                throw new MalformedMessageException("no end of the line: " + line);
            }
            line.append((char) next);
        }
        String[] parts = line.substring(0, line.length() - 2).split(" ", -1);
        if (parts.length == 2 && parts[0].equals("PROXY") && parts[1].equals("UNKNOWN")) {
            return new Told("v1", "UNKNOWN", "", "", Map.of());
        }
        if (parts.length != 6 || !parts[0].equals("PROXY") || !parts[1].matches("TCP[46]")) {
            throw new MalformedMessageException("no header: " + line);
        }
        boolean isIpv4 = parts[1].equals("TCP4");
        return new Told(
                "v1",
                parts[1],
                address(parts[2], isIpv4) + " " + port(parts[4]),
                address(parts[3], isIpv4) + " " + port(parts[5]),
                Map.of());
    }

    private static String address(String text, boolean isIpv4) throws IOException {
        boolean isFine = isIpv4 ? text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") : text.matches("[0-9a-fA-F:]{2,39}");
        if (!isFine || isIpv4 && Arrays.stream(text.split("\\.")).anyMatch(part -> part.matches("0.+"))) {
            throw new MalformedMessageException("no address: " + text);
        }
        // For the JDK an IPv6 address that an IPv4 address is mapped to is the latter: it is read here as what it is.
        return isIpv4 || !text.matches("::ffff:[0-9a-f]{1,4}:[0-9a-f]{1,4}")
                ? InetAddress.ofLiteral(text).getHostAddress()
                : text;
    }

    private static int port(String text) throws IOException {
        if (!text.matches("0|[1-9][0-9]{0,4}") || Integer.parseInt(text) > 0xffff) {
            throw new MalformedMessageException("no port: " + text);
        }
        return Integer.parseInt(text);
    }

    private static Told readBinary(int first, DataInputStream from) throws IOException {
        byte[] signature = new byte[SIGNATURE.length];
        signature[0] = (byte) first;
        from.readFully(signature, 1, signature.length - 1);
        if (!Arrays.equals(SIGNATURE, signature)) {
            throw new MalformedMessageException(
                    "no signature: " + HexFormat.of().formatHex(signature));
        }
        int command = from.readUnsignedByte();
        int family = from.readUnsignedByte();
        byte[] rest = new byte[from.readUnsignedShort()];
        from.readFully(rest);
        if (command == 0x20) {
            return new Told("v2", "LOCAL", "", "", Map.of());
        }
        if (command != 0x21) {
            throw new MalformedMessageException("no command: " + command);
        }
        return switch (family) {
            case 0x00 -> new Told("v2", "UNKNOWN", "", "", values(rest, 0, rest.length));
            case 0x11 -> told("TCP4", rest, 4);
            case 0x21 -> told("TCP6", rest, 16);
            default -> throw new MalformedMessageException("no family: " + family);
        };
    }

    private static Told told(String kind, byte[] rest, int addressBytes) throws IOException {
        int ports = 2 * addressBytes;
        return new Told(
                "v2",
                kind,
                text(rest, 0, addressBytes) + " " + number(rest, ports),
                text(rest, addressBytes, addressBytes) + " " + number(rest, ports + 2),
                values(rest, ports + 4, rest.length));
    }

    private static String text(byte[] bytes, int offset, int length) throws IOException {
        String text = InetAddress.getByAddress(Arrays.copyOfRange(bytes, offset, offset + length))
                .getHostAddress();
        boolean isMapped = length == 16 && !text.contains(":");
        return isMapped
                ? "::ffff:" + Integer.toHexString(number(bytes, offset + 12)) + ":"
                        + Integer.toHexString(number(bytes, offset + 14))
                : text;
    }

    private static int number(byte[] bytes, int offset) {
        return (bytes[offset] & 0xff) << 8 | bytes[offset + 1] & 0xff;
    }

    /** Takes type-length-values apart, {@code 20} being the one of TLS: its own are added with their types, and its first bytes stay. */
    private static Map<Integer, String> values(byte[] bytes, int offset, int end) throws IOException {
        Map<Integer, String> values = new TreeMap<>();
        int at = offset;
        while (at < end) {
            if (end - at < 3 || number(bytes, at + 1) > end - at - 3) {
                throw new MalformedMessageException("cut off at " + at);
            }
            int type = bytes[at] & 0xff;
            int valueAt = at + 3;
            at = valueAt + number(bytes, at + 1);
            int last = type == 0x20 ? valueAt + 5 : at;
            if (values.put(type, HexFormat.of().formatHex(bytes, valueAt, last)) != null) {
                throw new MalformedMessageException("twice: " + type);
            }
            if (type == 0x20) {
                values.putAll(values(bytes, last, at));
            }
        }
        return values;
    }
}
