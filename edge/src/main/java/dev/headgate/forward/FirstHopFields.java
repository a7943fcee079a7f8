package dev.headgate.forward;

import dev.headgate.engine.HotPath;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import dev.headgate.http.RequestHead;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The forwarding fields of a request that comes straight from its client, as nearly all do: nothing in it speaks of earlier
 * hops, so there is nothing to continue or to check. All lines are put together in one array and copied at once, for the
 * general way costs a copy and a check for every part of every line. The result is the same, and a test says so.
 *
 * <p>Belongs to one loop.
 */
@HotPath
final class FirstHopFields {
    /** Longer ones take the general way. */
    static final int AUTHORITY_LENGTH_MAX = 255;

    private static final int BLOCK_BYTES = 1024;
    private static final long WRITTEN = 1L << Field.X_FORWARDED_FOR
            | 1L << Field.FORWARDED
            | 1L << Field.X_FORWARDED_PROTO
            | 1L << Field.X_FORWARDED_HOST
            | 1L << Field.X_FORWARDED_PORT
            | 1L << Field.X_REQUEST_ID;

    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] FORWARDED_FOR = line(Field.X_FORWARDED_FOR, "");
    private static final byte[] FORWARDED = line(Field.FORWARDED, "for=");
    private static final byte[] FORWARDED_IPV6 = line(Field.FORWARDED, "for=\"[");
    private static final byte[] IPV6_END = ascii("]\"");
    private static final byte[] HOST = ascii(";host=");
    private static final byte[] PROTO = ascii(";proto=");
    private static final byte[] FORWARDED_PROTO = line(Field.X_FORWARDED_PROTO, "");
    private static final byte[] FORWARDED_HOST = line(Field.X_FORWARDED_HOST, "");
    private static final byte[] FORWARDED_PORT = line(Field.X_FORWARDED_PORT, "");
    private static final byte[] VIA = line(Field.VIA, "");
    private static final byte[] REQUEST_ID = line(Field.X_REQUEST_ID, "");

    private static final VarHandle LONG_OF_ARRAY =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG_OF_BUFFER =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final byte[] block = new byte[BLOCK_BYTES];
    private final ByteBuffer out = ByteBuffer.wrap(block);
    // The authority of the last request: most likely also that of this one.
    private final byte[] authority = new byte[AUTHORITY_LENGTH_MAX];
    private int authorityLength;
    private boolean isAuthorityToken;
    private final Via via;
    private final RequestId requestId;

    FirstHopFields(Via via, RequestId requestId) {
        this.via = via;
        this.requestId = requestId;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] line(int id, String valueStart) {
        byte[] name = Field.wireName(id);
        byte[] rest = ascii(": " + valueStart);
        byte[] line = Arrays.copyOf(name, name.length + rest.length);
        System.arraycopy(rest, 0, line, name.length, rest.length);
        return line;
    }

    /** Whether {@link #write} does what the general way does. The peer is the client. */
    static boolean applyTo(RequestHead head) {
        int length = head.authorityLength();
        return (head.fields().presentMask() & WRITTEN) == 0 && length > 0 && length <= AUTHORITY_LENGTH_MAX;
    }

    /** Writes all of them; the store has room. */
    void write(RequestHead head, PeerAddress peer, Ingress ingress, RequestIdentity identity) {
        FieldSection fields = head.fields();
        int store = fields.appendOffset();
        takeAuthority(head.bytes(), head.authorityOffset(), head.authorityLength());
        out.clear();
        writeForwardedFor(fields, store, peer);
        writeForwarded(fields, store, peer, ingress);
        write(fields, store, Field.X_FORWARDED_PROTO, FORWARDED_PROTO, ingress.scheme());
        int host = out.position();
        out.put(FORWARDED_HOST).put(authority, 0, authorityLength);
        end(fields, store, Field.X_FORWARDED_HOST, host, FORWARDED_HOST.length);
        write(fields, store, Field.X_FORWARDED_PORT, FORWARDED_PORT, ingress.port());
        int hop = out.position();
        write(fields, store, Field.VIA, VIA, via.entry(head.minorVersion()));
        int id = out.position();
        out.put(REQUEST_ID);
        requestId.writeNew(block, out.position());
        out.position(out.position() + RequestId.GENERATED_LENGTH);
        end(fields, store, Field.X_REQUEST_ID, id, REQUEST_ID.length);
        fields.addBytes(block, out.position());
        identity.requestId(store + id + REQUEST_ID.length, RequestId.GENERATED_LENGTH);
        if (head.minorVersion() == 1) {
            identity.hopLines(store + hop, out.position() - hop);
        }
    }

    private void takeAuthority(ByteBuffer bytes, int offset, int length) {
        if (length != authorityLength || !isSameAuthority(bytes, offset)) {
            bytes.get(offset, authority, 0, length);
            authorityLength = length;
            isAuthorityToken = FieldSyntax.isToken(authority, length);
        }
    }

    /** Compares eight bytes at a time, the last eight with an overlap. */
    private boolean isSameAuthority(ByteBuffer bytes, int offset) {
        int last = authorityLength - Long.BYTES;
        if (last < 0) {
            return false;
        }
        for (int i = 0; i < last; i += Long.BYTES) {
            if (isOtherWord(bytes, offset, i)) {
                return false;
            }
        }
        return !isOtherWord(bytes, offset, last);
    }

    private boolean isOtherWord(ByteBuffer bytes, int offset, int i) {
        return (long) LONG_OF_BUFFER.get(bytes, offset + i) != (long) LONG_OF_ARRAY.get(authority, i);
    }

    private void writeForwardedFor(FieldSection fields, int store, PeerAddress peer) {
        out.put(FORWARDED_FOR);
        peer.writeTo(out);
        end(fields, store, Field.X_FORWARDED_FOR, 0, FORWARDED_FOR.length);
    }

    private void writeForwarded(FieldSection fields, int store, PeerAddress peer, Ingress ingress) {
        int line = out.position();
        int addressOffset = FORWARDED_FOR.length;
        int addressLength = line - CRLF.length - addressOffset;
        boolean isIpv6 = peer.isIpv6();
        out.put(isIpv6 ? FORWARDED_IPV6 : FORWARDED).put(block, addressOffset, addressLength);
        if (isIpv6) {
            out.put(IPV6_END);
        }
        writeHost();
        out.put(PROTO).put(ingress.scheme());
        end(fields, store, Field.FORWARDED, line, Field.wireName(Field.FORWARDED).length + 2);
    }

    // No host has a quote or a backslash in it (RFC 3986 §3.2.2), so that a quoted one needs no escapes.
    private void writeHost() {
        out.put(HOST);
        if (!isAuthorityToken) {
            out.put((byte) '"');
        }
        out.put(authority, 0, authorityLength);
        if (!isAuthorityToken) {
            out.put((byte) '"');
        }
    }

    private void write(FieldSection fields, int store, int id, byte[] nameAndSeparator, byte[] value) {
        int line = out.position();
        out.put(nameAndSeparator).put(value);
        end(fields, store, id, line, nameAndSeparator.length);
    }

    /** Ends the line that begins at {@code line} of the block, and enters it. */
    private void end(FieldSection fields, int store, int id, int line, int valueAt) {
        int value = line + valueAt;
        fields.append(store + line, valueAt - 2, store + value, out.position() - value, id, true);
        out.put(CRLF);
    }
}
