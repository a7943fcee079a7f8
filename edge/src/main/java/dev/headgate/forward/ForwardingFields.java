package dev.headgate.forward;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.io.Chance;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;

/**
 * Tells the origin where a request came from: {@code Via}, {@code X-Forwarded-*}, {@code Forwarded} (RFC 7239) and
 * {@code X-Request-ID}.
 *
 * <p>What an untrusted peer says about itself is removed first, so that everything then starts afresh. What a trusted
 * one says stays: the peer joins the end of the lists, whose last element therefore always is the address that we saw,
 * and protocol, host and port are written only where they are missing.
 *
 * <p>Comes after {@code HopByHop.strip}, so that {@code Connection} cannot name what is written here. Belongs to one
 * loop.
 */
@HotPath
public final class ForwardingFields {
    private final TrustedProxies trusted;
    private final Via via;
    private final ClientResolver resolver;
    private final HopLists hopLists = new HopLists();
    private final RequestId requestId;
    private final FirstHopFields firstHop;

    /** {@code chance} makes request ids and belongs to the same loop. */
    public ForwardingFields(TrustedProxies trusted, Via via, Chance chance) {
        this.trusted = trusted;
        this.via = via;
        resolver = new ClientResolver(trusted);
        requestId = new RequestId(chance);
        firstHop = new FirstHopFields(via, requestId);
    }

    /** The most bytes that {@link #apply} appends to the store of this head. */
    public int addedBytesMax(RequestHead head, PeerAddress peer) {
        int proto = FieldLine.ofKnown(Field.X_FORWARDED_PROTO) + Ingress.SCHEME_LENGTH_MAX;
        int host = FieldLine.ofKnown(Field.X_FORWARDED_HOST) + head.authorityLength();
        int port = FieldLine.ofKnown(Field.X_FORWARDED_PORT) + Ingress.PORT_LENGTH_MAX;
        int copied = trusted.contains(peer) ? HopLists.copiedBytesMax(head.fields()) : 0;
        int lists = HopLists.newBytesMax(head) + copied;
        return lists + proto + host + port + via.addedBytes() + RequestId.addedBytesMax();
    }

    /**
     * Rewrites the fields of a retained request and fills {@code identity} from it.
     *
     * @return false, with nothing changed, when the store has less room than {@link #addedBytesMax}
     */
    public boolean apply(RequestHead head, PeerAddress peer, Ingress ingress, RequestIdentity identity) {
        FieldSection fields = head.fields();
        if (FieldLine.room(fields) < addedBytesMax(head, peer)) {
            return false;
        }
        boolean isTrusted = trusted.contains(peer);
        identity.fromTrustedProxy(isTrusted);
        resolver.resolve(head, peer, identity.client());
        if (!isTrusted) {
            IdentityFields.strip(fields);
        }
        if (FirstHopFields.applyTo(head)) {
            firstHop.write(head, peer, ingress, identity);
            return true;
        }
        return continueHops(head, peer, ingress, identity);
    }

    /** The general way, whatever is there. */
    boolean continueHops(RequestHead head, PeerAddress peer, Ingress ingress, RequestIdentity identity) {
        FieldSection fields = head.fields();
        return hopLists.write(head, peer, ingress, identity.client())
                && writeMissing(fields, Field.X_FORWARDED_PROTO, ingress.scheme())
                && writeMissingHost(head)
                && writeMissing(fields, Field.X_FORWARDED_PORT, ingress.port())
                && via.addTo(fields, head.version())
                && requestId.settle(fields, identity);
    }

    private static boolean writeMissing(FieldSection fields, int id, byte[] value) {
        return isThereOnce(fields, id) || fields.add(id, value, 0, value.length);
    }

    private static boolean writeMissingHost(RequestHead head) {
        FieldSection fields = head.fields();
        int length = head.authorityLength();
        return isThereOnce(fields, Field.X_FORWARDED_HOST)
                || length == 0
                || fields.add(Field.X_FORWARDED_HOST, head.bytes(), head.authorityOffset(), length);
    }

    // Several lines, or an empty one, mean different things to different origins: then none is left.
    private static boolean isThereOnce(FieldSection fields, int id) {
        int entry = fields.find(id);
        if (entry >= 0 && fields.valueLength(entry) > 0 && fields.findNext(id, entry) < 0) {
            return true;
        }
        fields.removeAll(id);
        return false;
    }
}
