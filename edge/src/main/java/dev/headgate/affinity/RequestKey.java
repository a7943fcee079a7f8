package dev.headgate.affinity;

import dev.headgate.config.BalanceConfig;
import dev.headgate.config.BalanceConfig.Hash;
import dev.headgate.config.BalanceConfig.Sticky;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.Immutable;
import dev.headgate.forward.IpAddress;
import dev.headgate.forward.PeerAddress;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The part of a request that endpoints are picked by, as 64 bits. Requests that have the same one get the same number, in every process with
 * the same seed.
 *
 * <p>The seed is the upstream's name unless the configuration has another: it must outlive a restart, and be the same for all
 * proxies before the same endpoints, or keys would move.
 */
@HotPath
@Immutable
public final class RequestKey {
    /** What a request has that lacks the part, and what every request has where endpoints are not picked by one. */
    public static final long ABSENT = 0;

    private static final int WORD_BITS = 64;
    private static final int QUERY_SEPARATOR = '&';

    private final BalanceConfig.Key.Part part;
    private final byte[] name;
    private final CookiePairs cookies;
    private final KeyHash hash;
    private final long highMask; // of an IPv6 address
    private final long lowMask;

    private RequestKey(BalanceConfig.Key key, KeyHash hash, int ipv6Prefix) {
        this.part = key.part();
        this.name = key.name().getBytes(StandardCharsets.US_ASCII);
        this.cookies = new CookiePairs(name);
        this.hash = hash;
        this.highMask = mask(Math.min(ipv6Prefix, WORD_BITS));
        this.lowMask = mask(Math.max(ipv6Prefix - WORD_BITS, 0));
    }

    private static long mask(int bits) {
        return bits == 0 ? 0 : -1L << WORD_BITS - bits;
    }

    /** What an upstream picks by; null when that is no part of the request. */
    public static @Nullable RequestKey forUpstream(String upstream, BalanceConfig config) {
        if (config.choice() instanceof Hash by) {
            String seed = by.seed().map(secret -> new String(secret.reveal())).orElse(upstream);
            return new RequestKey(by.key(), KeyHash.seeded(seed), by.ipv6Prefix());
        }
        if (config.sticky().orElse(null) instanceof Sticky.Header header) {
            var key = new BalanceConfig.Key(
                    BalanceConfig.Key.Part.HEADER, header.name().toLowerCase(Locale.ROOT));
            return new RequestKey(key, KeyHash.seeded(upstream), Hash.IPV6_PREFIX_USUAL);
        }
        return null;
    }

    /**
     * The number of a request whose target is canonical, or {@link #ABSENT}.
     *
     * @param client who sent it, as far as is believed
     */
    public long of(RequestHead head, IpAddress client) {
        return switch (part) {
            case CLIENT -> client.isKnown() ? ofAddress(client.high(), client.low()) : ABSENT;
            case HEADER -> ofField(head.fields());
            case COOKIE -> ofCookie(head.fields());
            case QUERY -> ofParameter(head.bytes(), head.queryOffset(), head.queryLength());
            case PATH -> present(hash.of(head.bytes(), head.pathOffset(), head.pathLength()));
            case HOST ->
                head.hostLength() == 0
                        ? ABSENT
                        : present(hash.ofCaseless(head.bytes(), head.hostOffset(), head.hostLength()));
        };
    }

    /** The number of a connection that goes through unread: only its client's address is known. */
    public long of(PeerAddress peer) {
        boolean isThere = part == BalanceConfig.Key.Part.CLIENT && peer.isKnown();
        return isThere ? ofAddress(peer.high(), peer.low()) : ABSENT;
    }

    private long ofAddress(long high, long low) {
        return present(IpAddress.isIpv4(high, low) ? hash.of(high, low) : hash.of(high & highMask, low & lowMask));
    }

    private long ofField(FieldSection fields) {
        int line = fields.find(name);
        return line < 0 || fields.valueLength(line) == 0
                ? ABSENT
                : present(hash.of(fields.bytes(), fields.valueOffset(line), fields.valueLength(line)));
    }

    private long ofCookie(FieldSection fields) {
        long value = cookies.find(fields);
        return value == CookiePairs.NONE ? ABSENT : present(hash.of(fields.bytes(), (int) (value >>> 32), (int) value));
    }

    /** The first parameter of the name that has a value, both as they stand there. */
    private long ofParameter(ByteBuffer bytes, int offset, int length) {
        int end = offset + Math.max(length, 0);
        for (int start = offset; start < end; ) {
            int next = start;
            while (next < end && bytes.get(next) != QUERY_SEPARATOR) {
                next++;
            }
            int value = start + name.length + 1;
            if (value < next && bytes.get(value - 1) == '=' && isName(bytes, start)) {
                return present(hash.of(bytes, value, next - value));
            }
            start = next + 1;
        }
        return ABSENT;
    }

    private boolean isName(ByteBuffer bytes, int start) {
        for (int i = 0; i < name.length; i++) {
            if (bytes.get(start + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static long present(long number) {
        return number == ABSENT ? 1 : number;
    }
}
