package dev.headgate.config;

import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Values;

/** The keys of what an upstream is asked for at most. */
final class BreakerLanguage {
    private static final int LIMIT_MAX = 1_000_000;
    private static final int LIMIT_USUAL = 1024;

    static final ObjectSpec<BreakerConfig> BREAKER = breaker();

    private BreakerLanguage() {}

    /** A limit that can be switched off. */
    static ScalarSpec<Integer> limit(int min) {
        return Scalars.count(min, LIMIT_MAX).orWord("none", BreakerConfig.UNLIMITED);
    }

    private static ObjectSpec<BreakerConfig> breaker() {
        var spec = ObjectSpec.<BreakerConfig>named(
                "upstream.breaker",
                "What an upstream is asked for at most, over all its endpoints and all loops. Requests past it wait, see timeouts.pending.");
        var connections = spec.withDefault(
                "connections", limit(1), LIMIT_USUAL, "Open connections, unused ones and tunnels included.");
        var pending = spec.withDefault(
                "pending",
                limit(0),
                LIMIT_USUAL,
                "Requests and tunnels that wait for a limit to let them go on. A further one gets 503 at once.");
        var requests = spec.withDefault("requests", limit(1), LIMIT_USUAL, "Attempts under way, tunnels included.");
        var retries = spec.withDefault(
                "retries",
                limit(0),
                LIMIT_USUAL,
                "Attempts under way that follow on others of the same request. Past it the failure is final.");
        return spec.build(new Shape<>() {
            @Override
            public BreakerConfig make(Values<BreakerConfig> values) {
                return new BreakerConfig(
                        values.get(connections), values.get(pending), values.get(requests), values.get(retries));
            }

            @Override
            public void split(BreakerConfig config, Values<BreakerConfig> values) {
                values.put(connections, config.connections());
                values.put(pending, config.pending());
                values.put(requests, config.requests());
                values.put(retries, config.retries());
            }
        });
    }
}
