package dev.headgate.resolve;

import dev.headgate.engine.Immutable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A domain name from its first label to the root, in the form of messages: each label behind its length, a length of 0 at the end (RFC 1035 §3.1).
 * ASCII letters are in lower case, since they mean the same in both (RFC 4343).
 */
@Immutable
public final class DnsName {
    /** Longest name, the lengths included (RFC 1035 §2.3.4). */
    static final int BYTES_MAX = 255;

    static final int LABEL_BYTES_MAX = 63;

    private final byte[] wire;

    private DnsName(byte[] wire) {
        this.wire = wire;
    }

    /** A whole name as {@link DomainNameReader} has put it together, which is given away. */
    static DnsName ofWire(byte[] wire) {
        return new DnsName(wire);
    }

    /** The name that {@code text} says, with or without the dot of the root; null when no name can be like that. */
    public static @Nullable DnsName ofText(String text) {
        String labels = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        ByteBuffer wire = ByteBuffer.allocate(BYTES_MAX);
        for (String label : labels.split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
            boolean isLabel = bytes.length > 0 && bytes.length <= LABEL_BYTES_MAX && bytes.length == label.length();
            if (!isLabel || bytes.length + 2 > wire.remaining()) {
                return null;
            }
            wire.put((byte) bytes.length);
            for (byte b : bytes) {
                wire.put(lower(b));
            }
        }
        wire.put((byte) 0);
        return new DnsName(Arrays.copyOf(wire.array(), wire.position()));
    }

    /** This name below {@code parent}, in place of the root; null when that is too long. */
    @Nullable
    DnsName below(DnsName parent) {
        int length = wire.length - 1 + parent.wire.length;
        if (length > BYTES_MAX) {
            return null;
        }
        byte[] joined = Arrays.copyOf(wire, length);
        System.arraycopy(parent.wire, 0, joined, wire.length - 1, parent.wire.length);
        return new DnsName(joined);
    }

    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 'a' - 'A') : b;
    }

    int length() {
        return wire.length;
    }

    byte at(int index) {
        return wire[index];
    }

    void put(ByteBuffer target) {
        target.put(wire);
    }

    boolean isRoot() {
        return wire.length == 1;
    }

    /** Whether this name is {@code ancestor} or lies below it. */
    boolean isWithin(DnsName ancestor) {
        int at = 0;
        while (wire.length - at > ancestor.wire.length) {
            at += wire[at] + 1;
        }
        return Arrays.equals(wire, at, wire.length, ancestor.wire, 0, ancestor.wire.length);
    }

    /** The labels, as one character per byte. */
    public List<String> labels() {
        List<String> labels = new ArrayList<>();
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
            labels.add(new String(wire, at + 1, wire[at], StandardCharsets.ISO_8859_1));
        }
        return labels;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DnsName name && Arrays.equals(wire, name.wire);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(wire);
    }

    /** Without the dot of the root; what is neither letter, digit, hyphen nor underscore as {@code \ddd}. */
    @Override
    public String toString() {
        if (isRoot()) {
            return ".";
        }
        var text = new StringBuilder();
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
            if (at > 0) {
                text.append('.');
            }
            for (int i = at + 1; i <= at + wire[at]; i++) {
                appendByte(text, wire[i] & 0xFF);
            }
        }
        return text.toString();
    }

    private static void appendByte(StringBuilder text, int value) {
        boolean isPlain = value >= 'a' && value <= 'z' || value >= '0' && value <= '9' || value == '-' || value == '_';
        if (isPlain) {
            text.append((char) value);
        } else {
            text.append('\\').append(1000 + value).deleteCharAt(text.length() - 4);
        }
    }
}
