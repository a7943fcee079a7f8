package dev.headgate.config;

import org.jspecify.annotations.Nullable;

/**
 * Strict textual IP addresses (RFC 3986 §3.2.2): four decimal parts without leading zeros, or the forms of RFC 4291 §2.2
 * without a zone. The JDK's own reader also takes {@code 127.1} and {@code 0x7f.1}, which one eye reads differently from
 * the next.
 */
final class IpLiteral {
    private static final int GROUPS = 8;

    private IpLiteral() {}

    /** The 4 or 16 bytes of the address, or null when {@code text} is none. */
    static byte @Nullable [] parse(String text) {
        return text.indexOf(':') < 0 ? parseIpv4(text, 0, text.length()) : parseIpv6(text);
    }

    /** The canonical text of an address of 4 or 16 bytes (RFC 5952 §4). */
    static String format(byte[] address) {
        if (address.length == 4) {
            return (address[0] & 0xff) + "." + (address[1] & 0xff) + "." + (address[2] & 0xff) + "."
                    + (address[3] & 0xff);
        }
        int[] run = longestZeroRun(address);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == run[0]) {
                text.append("::");
                i += run[1] - 1;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') text.append(':');
            text.append(Integer.toHexString(group(address, i)));
        }
        return text.toString();
    }

    /** First group and length of the longest run of at least two zero groups, or -1 and 0. */
    private static int[] longestZeroRun(byte[] address) {
        int bestStart = -1;
        int bestLength = 1;
        int length = 0;
        for (int i = 0; i < GROUPS; i++) {
            length = group(address, i) == 0 ? length + 1 : 0;
            if (length > bestLength) {
                bestLength = length;
                bestStart = i - length + 1;
            }
        }
        return new int[] {bestStart, bestStart < 0 ? 0 : bestLength};
    }

    private static int group(byte[] address, int index) {
        return (address[2 * index] & 0xff) << 8 | address[2 * index + 1] & 0xff;
    }

    private static byte @Nullable [] parseIpv4(String text, int start, int end) {
        byte[] address = new byte[4];
        int index = start;
        for (int part = 0; part < 4; part++) {
            int partStart = index;
            int value = 0;
            while (index < end && isDigit(text.charAt(index)) && index - partStart < 3) {
                value = value * 10 + text.charAt(index++) - '0';
            }
            int digits = index - partStart;
            if (digits == 0 || value > 255 || (digits > 1 && text.charAt(partStart) == '0')) return null;
            address[part] = (byte) value;
            if (part < 3 && (index >= end || text.charAt(index++) != '.')) return null;
        }
        return index == end ? address : null;
    }

    private static byte @Nullable [] parseIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            int[] groups = new int[GROUPS];
            return readGroups(text, groups, 0) == GROUPS ? bytesOf(groups) : null;
        }
        if (text.indexOf("::", gap + 1) >= 0) return null;
        int[] head = new int[GROUPS];
        int[] tail = new int[GROUPS];
        String before = text.substring(0, gap);
        int headGroups = before.indexOf('.') >= 0 ? -1 : readGroups(before, head, 0);
        int tailGroups = readGroups(text.substring(gap + 2), tail, 0);
        // "::" stands for at least one group of zeros (RFC 5952 §4.2.2 would want two, RFC 4291 reads one).
        if (headGroups < 0 || tailGroups < 0 || headGroups + tailGroups >= GROUPS) return null;
        System.arraycopy(tail, 0, head, GROUPS - tailGroups, tailGroups);
        return bytesOf(head);
    }

    /** Groups read from {@code text} into {@code groups}, or -1 when it is no list of groups. */
    private static int readGroups(String text, int[] groups, int first) {
        if (text.isEmpty()) return 0;
        int count = first;
        int index = 0;
        while (true) {
            int end = text.indexOf(':', index);
            if (end < 0 && text.indexOf('.', index) >= 0) return readDottedTail(text, index, groups, count);
            if (end < 0) end = text.length();
            int value = readHex(text, index, end);
            if (value < 0 || count == GROUPS) return -1;
            groups[count++] = value;
            if (end == text.length()) return count;
            index = end + 1;
        }
    }

    private static int readDottedTail(String text, int start, int[] groups, int count) {
        byte[] ipv4 = parseIpv4(text, start, text.length());
        if (ipv4 == null || count + 2 > GROUPS) return -1;
        groups[count] = (ipv4[0] & 0xff) << 8 | ipv4[1] & 0xff;
        groups[count + 1] = (ipv4[2] & 0xff) << 8 | ipv4[3] & 0xff;
        return count + 2;
    }

    private static int readHex(String text, int start, int end) {
        if (end == start || end - start > 4) return -1;
        int value = 0;
        for (int i = start; i < end; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0 || text.charAt(i) > 0x7f) return -1;
            value = value << 4 | digit;
        }
        return value;
    }

    private static byte[] bytesOf(int[] groups) {
        byte[] address = new byte[2 * GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            address[2 * i] = (byte) (groups[i] >> 8);
            address[2 * i + 1] = (byte) groups[i];
        }
        return address;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
