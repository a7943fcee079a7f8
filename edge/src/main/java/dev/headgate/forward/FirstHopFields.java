package dev.headgate.forward;

import dev.headgate.engine.HotPath;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The forwarding fields of a request that comes straight from its client, as nearly all do: nothing in it speaks of earlier
 * hops, so there is nothing to continue or to check. All lines are put together in one array and copied at once, for the
 * general way costs a copy and a check for every part of every line. The result is the same, and a test says so.
 *
 * <p>A loop over parts, so that the code is small: between two requests the kernel runs, and what is not small has left the
 * processor's nearest cache by then. Belongs to one loop.
 */
@HotPath
final class FirstHopFields {
    /** All but the lines of the hop, whose length our name decides: two addresses, two authorities, and some 160 bytes between them. */
    private static final int LISTS_BYTES_MAX = 1024;

    private static final String ID_START = "X-Request-ID: ";

    private static final long WRITTEN = 1L << Field.X_FORWARDED_FOR
            | 1L << Field.FORWARDED
            | 1L << Field.X_FORWARDED_PROTO
            | 1L << Field.X_FORWARDED_HOST
            | 1L << Field.X_FORWARDED_PORT
            | 1L << Field.X_REQUEST_ID;

    private final RequestId requestId;
    private final byte[] http11Hop; // Via, and a line for the id
    private final byte[] http2Hop; // as long
    private final int idLine; // offset in it
    private final int id;

    private final byte[] block;
    private final RecentAuthority authority = new RecentAuthority();
    private final byte[] address = new byte[IpText.LENGTH_MAX];
    private final ByteBuffer addressOut = ByteBuffer.wrap(address);

    FirstHopFields(Via via, RequestId requestId) {
        this.requestId = requestId;
        idLine = viaLine(via, HttpVersion.HTTP_1_1).length();
        id = idLine + ID_START.length();
        http11Hop = hop(via, HttpVersion.HTTP_1_1);
        http2Hop = hop(via, HttpVersion.HTTP_2);
        block = new byte[LISTS_BYTES_MAX + http11Hop.length];
    }

    private static byte[] hop(Via via, HttpVersion version) {
        String lines = viaLine(via, version) + ID_START + " ".repeat(RequestId.GENERATED_LENGTH) + "\r\n";
        return lines.getBytes(StandardCharsets.US_ASCII);
    }

    private static String viaLine(Via via, HttpVersion version) {
        return "Via: " + via.entry(version) + "\r\n";
    }

    /** Whether {@link #write} does what the general way does. The peer is the client. */
    static boolean applyTo(RequestHead head) {
        int length = head.authorityLength();
        return (head.fields().presentMask() & WRITTEN) == 0
                && head.version() != HttpVersion.HTTP_1_0
                && length > 0
                && length <= RecentAuthority.LENGTH_MAX;
    }

    /** Writes all of them; the store has room. */
    void write(RequestHead head, PeerAddress peer, Ingress ingress, RequestIdentity identity) {
        FieldSection fields = head.fields();
        authority.take(head);
        peer.writeTo(addressOut.clear());
        int addressLength = addressOut.position();
        FirstHopTemplate template = ingress.firstHop(peer.isIpv6(), !authority.isToken());

        int hopStart = fill(template.parts(), addressLength);
        byte[] hop = head.version() == HttpVersion.HTTP_2 ? http2Hop : http11Hop;
        System.arraycopy(hop, 0, block, hopStart, hop.length);
        requestId.writeNew(block, hopStart + id);
        int store = fields.addBytes(block, hopStart + hop.length);
        template.enter(fields, store, addressLength, authority.length());
        int via = store + hopStart;
        FirstHopTemplate.enterLine(fields, Field.VIA, via, via + idLine);
        FirstHopTemplate.enterLine(fields, Field.X_REQUEST_ID, via + idLine, via + hop.length);
        identity.requestId(via + id, RequestId.GENERATED_LENGTH);
        identity.hopLines(via, hop.length);
    }

    /** Puts the parts and what belongs into their gaps one behind the other; answers where they end. */
    private int fill(byte[][] parts, int addressLength) {
        int end = 0;
        for (int i = 0; i < parts.length; i++) {
            byte[] part = parts[i];
            System.arraycopy(part, 0, block, end, part.length);
            end += part.length;
            if (i < FirstHopTemplate.GAPS) {
                boolean isAddress = i < FirstHopTemplate.ADDRESSES;
                int length = isAddress ? addressLength : authority.length();
                System.arraycopy(isAddress ? address : authority.bytes(), 0, block, end, length);
                end += length;
            }
        }
        return end;
    }
}
