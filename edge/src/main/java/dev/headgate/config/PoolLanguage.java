package dev.headgate.config;

import dev.headgate.config.UpstreamConfig.PoolConfig;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Values;

/** The keys of connections to an upstream's endpoints. */
final class PoolLanguage {
    private static final int PRECONNECT_MAX = 4096;

    static final ObjectSpec<PoolConfig> POOL = pool();

    private PoolLanguage() {}

    private static ObjectSpec<PoolConfig> pool() {
        var spec = ObjectSpec.<PoolConfig>named("upstream.pool", "Connections kept open.");
        var idle = spec.withDefault(
                "idle",
                Scalars.count(0, 65535),
                256,
                "Unused connections kept per endpoint and loop. The oldest goes first.");
        var age = spec.withDefault(
                "age",
                Durations.between(Durations.SECOND, 720 * Durations.HOUR),
                Durations.HOUR,
                "Age past which a connection is not used again.");
        var jitter = spec.withDefault(
                "jitter",
                Scalars.percent(),
                10,
                "By up to how much of them age and timeouts.poolIdle are shorter for each connection, by chance, so that those"
                        + " opened together do not close together.");
        var preconnect = spec.withDefault(
                "preconnect",
                Scalars.count(0, PRECONNECT_MAX),
                0,
                "Unused connections opened ahead and kept ready per endpoint, shared out among the loops. They give way to whoever"
                        + " waits for a connection. By HTTP/2, one per loop at the most.");
        var connections = spec.withDefault(
                "connections",
                Scalars.count(1, 1_000_000),
                1024,
                "Open connections per endpoint, of all loops. Past it the endpoint is passed over, and waited for when there is"
                        + " no other.");
        var requests = spec.withDefault(
                "requests",
                BreakerLanguage.limit(1),
                BreakerConfig.UNLIMITED,
                "Attempts under way per endpoint, of all loops; likewise.");
        return spec.build(new Shape<>() {
            @Override
            public PoolConfig make(Values<PoolConfig> values) {
                return new PoolConfig(
                        values.get(idle),
                        values.get(age),
                        values.get(jitter),
                        values.get(preconnect),
                        values.get(connections),
                        values.get(requests));
            }

            @Override
            public void split(PoolConfig config, Values<PoolConfig> values) {
                values.put(idle, config.idle());
                values.put(age, config.ageNs());
                values.put(jitter, config.jitterPercent());
                values.put(preconnect, config.preconnect());
                values.put(connections, config.connections());
                values.put(requests, config.requests());
            }
        });
    }

    /** What an upstream says of connections opened ahead that does not go together with the rest. */
    static void checkUpstream(UpstreamConfig upstream, Place place) {
        PoolConfig pool = upstream.pool();
        if (pool.preconnect() == 0) return;
        if (upstream.proxyProtocol().isPresent()) {
            report(
                    place,
                    "a connection with proxyProtocol begins with its client's address, so none can be opened ahead of the client",
                    "preconnect " + pool.preconnect() + " and proxyProtocol",
                    "preconnect: 0, or no proxyProtocol");
        }
        if (pool.idle() == 0 || upstream.timeouts().poolIdleNs() == 0) {
            report(
                    place,
                    "no connection is kept unused, so none can be kept ready",
                    "preconnect " + pool.preconnect() + ", idle " + pool.idle() + ", timeouts.poolIdle "
                            + Durations.format(upstream.timeouts().poolIdleNs()),
                    "an idle of at least 1 and a poolIdle above 0s, or preconnect: 0");
        }
        if (pool.preconnect() > pool.connections()) {
            report(
                    place,
                    "more connections are to be ready than there may be",
                    "preconnect " + pool.preconnect() + ", connections " + pool.connections(),
                    "preconnect at most connections");
        }
    }

    private static void report(Place place, String what, String found, String expected) {
        Place at = place.at("pool").at("preconnect");
        at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, what).found(found).expected(expected));
    }
}
