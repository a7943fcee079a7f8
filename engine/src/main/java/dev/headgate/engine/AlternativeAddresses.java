package dev.headgate.engine;

import java.net.SocketAddress;
import java.util.List;

/**
 * Several addresses of one peer, to connect to whichever answers first (RFC 8305 §5): they are tried in their order, each one as soon as
 * those before it have failed, or beside them once the delay has passed. The first connection that is made is used, and the others are
 * closed. Where it came to be made is its remote address.
 */
@Immutable
public final class AlternativeAddresses extends SocketAddress {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // of a list that can be, if its addresses can
    private final List<SocketAddress> addresses;

    private final long delayNs;

    /**
     * @param addresses at least one, none of them alternatives themselves
     * @param delayNs how long one is waited for before the next one is tried as well
     */
    public AlternativeAddresses(List<SocketAddress> addresses, long delayNs) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no address");
        }
        this.addresses = List.copyOf(addresses);
        this.delayNs = delayNs;
    }

    public List<SocketAddress> addresses() {
        return addresses;
    }

    public long delayNs() {
        return delayNs;
    }

    @Override
    public String toString() {
        return addresses.toString();
    }
}
