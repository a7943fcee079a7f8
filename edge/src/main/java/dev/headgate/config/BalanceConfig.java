package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.Optional;

/**
 * How endpoints are chosen, beside their weights.
 *
 * @param choice how an attempt chooses its endpoint; default {@link Policy#P2C}
 * @param sticky what keeps a client at its endpoint; empty: nothing
 */
@Immutable
public record BalanceConfig(Choice choice, Optional<Sticky> sticky) {
    /** How an attempt chooses its endpoint. */
    public sealed interface Choice {}

    /** Whatever the request is. */
    public enum Policy implements Choice {
        /** In turn, by weight. */
        ROUND_ROBIN,
        /** By chance and weight alone. */
        RANDOM,
        /** The one with the fewest requests under way for its weight. */
        LEAST_REQUESTS,
        /** The better of two that chance picked, by how long answers take and how many requests are under way. */
        P2C_EWMA,
        /** The less busy of two that chance picked. */
        P2C
    }

    /**
     * By something that the request has: the same to the same endpoint. A request without it goes to the less busy of two that chance picked.
     *
     * @param key what that is
     * @param algorithm how keys are shared out; default {@link Algorithm#MAGLEV}
     * @param loadPercent how much an endpoint may have under way, in percent of its share by weight, 100 to 10,000; default 0: no bound
     * @param ipv6Prefix bits of an IPv6 address that count, 1 to 128; default 64
     * @param seed what decides which keys meet on an endpoint; empty: the upstream's name
     */
    public record Hash(Key key, Algorithm algorithm, int loadPercent, int ipv6Prefix, Optional<Secret> seed)
            implements Choice {
        /** Bits of an IPv6 address that one site has, whichever of its addresses a client uses (RFC 6177). */
        public static final int IPV6_PREFIX_USUAL = 64;

        /** By the client's address, with defaults. */
        public static final Hash IP_HASH =
                new Hash(Key.CLIENT, Algorithm.MAGLEV, 0, IPV6_PREFIX_USUAL, Optional.empty());
    }

    /** How keys are shared out among endpoints. */
    public enum Algorithm {
        /** By a table: the same time for a pick whatever the number of endpoints. */
        MAGLEV,
        /** By a contest of all endpoints for each key: nothing moves but what has to. */
        RENDEZVOUS
    }

    /**
     * A part of a request.
     *
     * @param name of the field (in lower case), cookie or parameter; empty for other parts
     */
    public record Key(Part part, String name) {
        /** The client's address. */
        public static final Key CLIENT = new Key(Part.CLIENT, "");

        /** Which part. */
        public enum Part {
            /** The client's address, as far as trusted proxies tell it. */
            CLIENT,
            /** A field. */
            HEADER,
            /** A cookie. */
            COOKIE,
            /** A parameter in the query. */
            QUERY,
            /** The canonical path, without the query. */
            PATH,
            /** The host that the client named, without its port. */
            HOST
        }
    }

    /** What keeps a client at its endpoint. */
    public sealed interface Sticky {
        /**
         * A cookie of the proxy's own.
         *
         * @param name the cookie's
         * @param ttlNs how long the client keeps it, whole seconds; default 0: as long as its session
         * @param sameSite with which requests from elsewhere it comes; default {@link SameSite#LAX}
         * @param secure whether it comes by HTTPS alone; default {@link Secure#AUTO}
         * @param httpOnly whether scripts do not see it; default true
         * @param path where it comes; default {@code /}
         * @param secret what it is signed with; empty: a key of this process's own
         */
        record Cookie(
                String name,
                long ttlNs,
                SameSite sameSite,
                Secure secure,
                boolean httpOnly,
                String path,
                Optional<Secret> secret)
                implements Sticky {}

        /**
         * A field of the client's: the same value to the same endpoint.
         *
         * @param name in lower case
         */
        record Header(String name) implements Sticky {}
    }

    /** With which requests from other sites a cookie comes. */
    public enum SameSite {
        /** When their user goes here. */
        LAX,
        /** Never. */
        STRICT,
        /** Always. */
        NONE
    }

    /** Whether a cookie comes by HTTPS alone. */
    public enum Secure {
        /** Where the request that gets it came by HTTPS. */
        AUTO,
        /** Always. */
        YES,
        /** Never. */
        NO
    }
}
