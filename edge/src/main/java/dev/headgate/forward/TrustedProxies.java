package dev.headgate.forward;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.Immutable;
import java.util.Collection;
import java.util.List;

/** The addresses of the proxies before us whose word about the client is believed. */
@HotPath
@Immutable
public final class TrustedProxies {
    /** Believes nobody; the default. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    private final AddressBlock[] blocks;

    /** Believes the addresses in any of the blocks. */
    public TrustedProxies(Collection<AddressBlock> blocks) {
        this.blocks = blocks.toArray(new AddressBlock[0]);
    }

    /** Believes the addresses in any of the blocks, written as {@link AddressBlock#parse} reads them. */
    public static TrustedProxies parse(Collection<String> blocks) {
        return new TrustedProxies(blocks.stream().map(AddressBlock::parse).toList());
    }

    /** Whether the peer is one of them; a peer without an address never is. */
    public boolean contains(PeerAddress peer) {
        return peer.isKnown() && contains(peer.high(), peer.low());
    }

    boolean contains(IpAddress address) {
        return address.isKnown() && contains(address.high(), address.low());
    }

    private boolean contains(long high, long low) {
        AddressBlock[] blocks = this.blocks;
        for (int i = 0; i < blocks.length; i++) {
            if (blocks[i].contains(high, low)) {
                return true;
            }
        }
        return false;
    }
}
