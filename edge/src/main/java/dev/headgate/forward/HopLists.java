package dev.headgate.forward;

import dev.headgate.engine.HotPath;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Puts the peer at the end of the two lists of hops, {@code X-Forwarded-For} and {@code Forwarded} (RFC 7239 §4).
 *
 * <p>A list that is missing while the other one led to a client begins with that client: an origin that reads only this
 * one would otherwise take the trusted proxy for the client. Each list goes out as one line, since many origins read the
 * first line only. {@code Forwarded} lines that cannot be parsed are dropped, lest an open quote swallow our element.
 *
 * <p>Belongs to one loop; keeps no buffer.
 */
@HotPath
final class HopLists {
    private static final byte[] FOR = ascii("for=");
    private static final byte[] HOST = ascii(";host=");
    private static final byte[] PROTO = ascii(";proto=");
    private static final byte[] SEPARATOR = ascii(", ");
    private static final byte[] OPEN_IPV6 = ascii("\"[");
    private static final byte[] CLOSE_IPV6 = ascii("]\"");
    private static final int NODE_LENGTH_MAX = OPEN_IPV6.length + IpText.LENGTH_MAX + CLOSE_IPV6.length;
    private static final int QUOTES = 2;

    private final ForwardedReader reader = new ForwardedReader();

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The most bytes that {@link #write} appends to the store, what is in the lists already aside. */
    static int newBytesMax(RequestHead head) {
        int forwardedFor = FieldLine.ofKnown(Field.X_FORWARDED_FOR) + 2 * (IpText.LENGTH_MAX + SEPARATOR.length);
        int nodes = 2 * (FOR.length + NODE_LENGTH_MAX + SEPARATOR.length);
        int parameters = HOST.length + QUOTES + head.authorityLength() + PROTO.length + Ingress.SCHEME_LENGTH_MAX;
        return forwardedFor + FieldLine.ofKnown(Field.FORWARDED) + nodes + parameters;
    }

    /** The most bytes that {@link #write} copies of what is in the lists already. */
    static int copiedBytesMax(FieldSection fields) {
        return copiedBytesMax(fields, Field.X_FORWARDED_FOR) + copiedBytesMax(fields, Field.FORWARDED);
    }

    private static int copiedBytesMax(FieldSection fields, int id) {
        int bytes = 0;
        for (int i = fields.find(id); i >= 0; i = fields.findNext(id, i)) {
            bytes += fields.valueLength(i) + SEPARATOR.length;
        }
        return bytes;
    }

    /** Writes both lists; false when the store has no room. */
    boolean write(RequestHead head, PeerAddress peer, Ingress ingress, IpAddress client) {
        FieldSection fields = head.fields();
        if (!areSound(fields)) {
            fields.removeAll(Field.FORWARDED);
        }
        IpAddress first = peer.isSame(client) ? null : client;
        IpAddress firstFor = fields.contains(Field.X_FORWARDED_FOR) ? null : first;
        IpAddress firstForwarded = fields.contains(Field.FORWARDED) ? null : first;
        return writeForwardedFor(fields, peer, firstFor) && writeForwarded(head, peer, ingress, firstForwarded);
    }

    private boolean areSound(FieldSection fields) {
        for (int i = fields.find(Field.FORWARDED); i >= 0; i = fields.findNext(Field.FORWARDED, i)) {
            int offset = fields.valueOffset(i);
            if (!reader.read(fields.bytes(), offset, offset + fields.valueLength(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean writeForwardedFor(FieldSection fields, PeerAddress peer, @Nullable IpAddress first) {
        ByteBuffer out = fields.beginAdd(Field.X_FORWARDED_FOR);
        copyLines(fields, Field.X_FORWARDED_FOR, out);
        if (first != null) {
            first.writeTo(out);
            out.put(SEPARATOR);
        }
        peer.writeTo(out);
        return fields.endAdd() && removeAllButLast(fields, Field.X_FORWARDED_FOR);
    }

    private static boolean writeForwarded(
            RequestHead head, PeerAddress peer, Ingress ingress, @Nullable IpAddress first) {
        FieldSection fields = head.fields();
        ByteBuffer out = fields.beginAdd(Field.FORWARDED);
        copyLines(fields, Field.FORWARDED, out);
        if (first != null) {
            writeNode(first, out);
            out.put(SEPARATOR);
        }
        writeNode(peer, out);
        writeHost(head, out);
        out.put(PROTO).put(ingress.scheme());
        return fields.endAdd() && removeAllButLast(fields, Field.FORWARDED);
    }

    // Reads lines while one is being added: their bytes stay where they are, and the limit lies behind them.
    private static void copyLines(FieldSection fields, int id, ByteBuffer out) {
        for (int i = fields.find(id); i >= 0; i = fields.findNext(id, i)) {
            if (fields.valueLength(i) > 0) {
                copy(out, fields.valueOffset(i), fields.valueLength(i));
                out.put(SEPARATOR);
            }
        }
    }

    private static void copy(ByteBuffer out, int offset, int length) {
        out.put(out.position(), out, offset, length);
        out.position(out.position() + length);
    }

    private static boolean removeAllButLast(FieldSection fields, int id) {
        int last = fields.count() - 1;
        for (int i = fields.find(id); i < last; i = fields.findNext(id, i)) {
            fields.remove(i);
        }
        return true;
    }

    private static void writeNode(IpAddress address, ByteBuffer out) {
        boolean isIpv6 = address.isIpv6();
        beginNode(isIpv6, out);
        address.writeTo(out);
        endNode(isIpv6, out);
    }

    private static void writeNode(PeerAddress peer, ByteBuffer out) {
        boolean isIpv6 = peer.isIpv6();
        beginNode(isIpv6, out);
        peer.writeTo(out);
        endNode(isIpv6, out);
    }

    // An IPv6 node is bracketed, and quoted because of its colons (RFC 7239 §6.1).
    private static void beginNode(boolean isIpv6, ByteBuffer out) {
        out.put(FOR);
        if (isIpv6) {
            out.put(OPEN_IPV6);
        }
    }

    private static void endNode(boolean isIpv6, ByteBuffer out) {
        if (isIpv6) {
            out.put(CLOSE_IPV6);
        }
    }

    // No host has a quote or a backslash in it (RFC 3986 §3.2.2), so that a quoted one needs no escapes.
    private static void writeHost(RequestHead head, ByteBuffer out) {
        int offset = head.authorityOffset();
        int length = head.authorityLength();
        if (length == 0) {
            return;
        }
        boolean isToken = FieldSyntax.isToken(out, offset, length);
        out.put(HOST);
        if (!isToken) {
            out.put((byte) '"');
        }
        copy(out, offset, length);
        if (!isToken) {
            out.put((byte) '"');
        }
    }
}
