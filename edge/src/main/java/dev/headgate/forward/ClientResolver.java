package dev.headgate.forward;

import dev.headgate.engine.HotPath;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;

/**
 * Finds the client behind the proxies that are trusted.
 *
 * <p>An untrusted peer is the client, whatever it says. Behind a trusted one, the list of hops is walked from its end
 * over trusted addresses, and the first untrusted one is the client; when all are trusted it is the first of the list.
 * The client cannot forge this, since what it wrote itself stands before what trusted proxies appended. A hop that is no
 * address, or a list that goes on past {@link #HOPS_MAX} hops or {@link #LIST_BYTES_MAX} bytes, leaves the peer as the
 * client: then nothing in the list can be relied upon.
 *
 * <p>The list is {@code X-Forwarded-For} where there is one, else {@code Forwarded}: proxies that write only the former
 * pass the client's own {@code Forwarded} on. A trusted proxy must append to, or overwrite, at least the former.
 *
 * <p>Belongs to one loop; keeps no buffer.
 */
@HotPath
public final class ClientResolver {
    /** Most hops that are looked at. */
    public static final int HOPS_MAX = ForwardedReader.ELEMENTS_MAX;

    /** Most bytes of the list that are looked at. */
    public static final int LIST_BYTES_MAX = 8 * 1024;

    /** What a hop, or the hops of one line, say about going on. */
    private enum Walk {
        ON,
        CLIENT_FOUND,
        UNRELIABLE
    }

    private final TrustedProxies trusted;
    private final ForwardedReader forwardedReader = new ForwardedReader();
    private int hopsLeft;
    private int bytesLeft;

    /** Walks over the given proxies. */
    public ClientResolver(TrustedProxies trusted) {
        this.trusted = trusted;
    }

    /** Sets {@code client} to the client of a request that came from {@code peer}. */
    public void resolve(RequestHead head, PeerAddress peer, IpAddress client) {
        peer.copyTo(client);
        if (!trusted.contains(peer)) {
            return;
        }
        FieldSection fields = head.fields();
        int id = fields.contains(Field.X_FORWARDED_FOR) ? Field.X_FORWARDED_FOR : Field.FORWARDED;
        if (fields.contains(id) && walkLines(fields, id, client) == Walk.UNRELIABLE) {
            peer.copyTo(client);
        }
    }

    // Lines of one name are one list, in order (RFC 9110 §5.3).
    private Walk walkLines(FieldSection fields, int id, IpAddress client) {
        hopsLeft = HOPS_MAX;
        bytesLeft = LIST_BYTES_MAX;
        Walk walk = Walk.ON;
        for (int i = fields.count() - 1; i >= 0 && walk == Walk.ON; i--) {
            if (fields.id(i) == id && fields.isLive(i)) {
                int offset = fields.valueOffset(i);
                int end = offset + fields.valueLength(i);
                walk = id == Field.X_FORWARDED_FOR
                        ? walkForwardedFor(fields.bytes(), offset, end, client)
                        : walkForwarded(fields.bytes(), offset, end, client);
            }
        }
        return walk;
    }

    private Walk walkForwardedFor(ByteBuffer bytes, int offset, int end, IpAddress client) {
        Walk walk = Walk.ON;
        int hopEnd = end;
        while (hopEnd >= offset && walk == Walk.ON) {
            int hop = hopEnd;
            while (hop > offset && bytes.get(hop - 1) != ',') {
                hop--;
                if (--bytesLeft < 0) {
                    return Walk.UNRELIABLE;
                }
            }
            bytesLeft--; // the comma
            walk = walkHop(bytes, hop, hopEnd, client);
            hopEnd = hop - 1;
        }
        return walk;
    }

    private Walk walkHop(ByteBuffer bytes, int offset, int end, IpAddress client) {
        int start = offset;
        int stop = end;
        while (start < stop && FieldSyntax.isBlank(bytes.get(start))) {
            start++;
        }
        while (start < stop && FieldSyntax.isBlank(bytes.get(stop - 1))) {
            stop--;
        }
        if (start == stop) {
            return Walk.ON; // empty elements do not count (RFC 9110 §5.6.1.2)
        }
        return onNode(bytes, start, stop, NodeReader.Source.X_FORWARDED_FOR, client);
    }

    private Walk walkForwarded(ByteBuffer bytes, int offset, int end, IpAddress client) {
        bytesLeft -= end - offset;
        if (bytesLeft < 0 || !forwardedReader.read(bytes, offset, end)) {
            return Walk.UNRELIABLE;
        }
        Walk walk = Walk.ON;
        for (int i = forwardedReader.elements() - 1; i >= 0 && walk == Walk.ON; i--) {
            int node = forwardedReader.nodeOffset(i);
            walk = onNode(bytes, node, forwardedReader.nodeEnd(i), NodeReader.Source.FORWARDED, client);
        }
        return walk;
    }

    private Walk onNode(ByteBuffer bytes, int offset, int end, NodeReader.Source source, IpAddress client) {
        if (hopsLeft-- == 0 || !NodeReader.read(bytes, offset, end, source, client)) {
            return Walk.UNRELIABLE;
        }
        return trusted.contains(client) ? Walk.ON : Walk.CLIENT_FOUND;
    }
}
