package dev.headgate.listener;

import dev.headgate.engine.AnyThread;
import dev.headgate.forward.PeerAddress;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts open connections per client prefix, so that one client cannot take them all. An IPv6 client owns a whole prefix of addresses,
 * therefore addresses are grouped by their leading bits. An IPv4 address mapped into IPv6 counts as IPv4.
 *
 * <p>Asked once when a connection opens and once when it closes, by any loop; the table has an entry for each prefix with open connections
 * and no others.
 */
@AnyThread
public final class PrefixLimiter {
    private final int connectionsMax;
    private final int ipv4Bits;
    private final int ipv6Bits;
    private final ConcurrentHashMap<Prefix, Integer> open = new ConcurrentHashMap<>();

    public PrefixLimiter(int connectionsMax, int ipv4Bits, int ipv6Bits) {
        this.connectionsMax = connectionsMax;
        this.ipv4Bits = ipv4Bits;
        this.ipv6Bits = ipv6Bits;
    }

    /** Counts a connection in; false when its prefix has its share already. */
    public boolean tryOpen(PeerAddress client) {
        if (!client.isKnown()) {
            return true; // Peers on a Unix-domain socket are this machine's own.
        }
        Prefix prefix = prefixOf(client);
        while (true) {
            Integer count = open.get(prefix);
            if (count == null) {
                if (open.putIfAbsent(prefix, 1) == null) {
                    return true;
                }
            } else if (count >= connectionsMax) {
                return false;
            } else if (open.replace(prefix, count, count + 1)) {
                return true;
            }
        }
    }

    /** Counts a connection out that {@link #tryOpen} had counted in. */
    public void closed(PeerAddress client) {
        if (!client.isKnown()) {
            return;
        }
        open.computeIfPresent(prefixOf(client), (prefix, count) -> count == 1 ? null : count - 1);
    }

    /** Prefixes with open connections. */
    public int prefixCount() {
        return open.size();
    }

    private Prefix prefixOf(PeerAddress client) {
        if (!client.isIpv6()) {
            return new Prefix(client.high(), client.low() & -1L << 32 - ipv4Bits);
        }
        long high = masked(client.high(), Math.min(ipv6Bits, 64));
        long low = ipv6Bits > 64 ? masked(client.low(), ipv6Bits - 64) : 0;
        return new Prefix(high, low);
    }

    private static long masked(long word, int bits) {
        return bits == 0 ? 0 : word & -1L << 64 - bits;
    }

    /**
     * A key of the table. The methods that a record would get are made by the JVM at run time, and would delay the first connection. Keys
     * can be compared, so that the table puts those of equal hash, of which a client of IPv6 may have as many as it likes, in a tree.
     */
    private record Prefix(long high, long low) implements Comparable<Prefix> {
        @Override
        public int compareTo(Prefix other) {
            int byHigh = Long.compare(high, other.high);
            return byHigh != 0 ? byHigh : Long.compare(low, other.low);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Prefix prefix && high == prefix.high && low == prefix.low;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(high * 31 + low);
        }
    }
}
