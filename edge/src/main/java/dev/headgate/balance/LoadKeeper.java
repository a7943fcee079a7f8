package dev.headgate.balance;

import dev.headgate.balancer.breaker.BreakerTransition;
import dev.headgate.balancer.breaker.CircuitBreaker;
import dev.headgate.engine.io.Chance;
import dev.headgate.upstream.UpstreamNode;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Decides how much an upstream is asked for, by what came of what it was asked: whether its circuit breaker lets attempts through, and how many may be under way. The agent's alone. */
final class LoadKeeper {
    private final UpstreamNode upstream;
    private final Chance chance;
    private final UpstreamEvents events;
    private final @Nullable CircuitBreaker breaker;
    private final @Nullable ConcurrencyWatch concurrency;

    LoadKeeper(UpstreamNode upstream, Chance chance, UpstreamEvents events, long nowNs) {
        this.upstream = upstream;
        this.chance = chance;
        this.events = events;
        this.breaker = upstream.breaker();
        this.concurrency = upstream.config()
                .concurrency()
                .map(config -> new ConcurrencyWatch(upstream, config, nowNs))
                .orElse(null);
    }

    /** Answers whether something is otherwise than before. */
    boolean doWork(long nowNs) {
        boolean hasStepped = stepBreaker(nowNs);
        boolean isLimitNew = concurrency != null && concurrency.doWork(nowNs, chance);
        if (hasStepped || isLimitNew) {
            upstream.wakeWaiting();
        }
        return hasStepped || isLimitNew;
    }

    private boolean stepBreaker(long nowNs) {
        BreakerTransition transition = breaker == null ? null : breaker.onTick(nowNs, chance.nextLong());
        if (transition == null) {
            return false;
        }
        events.breaker(transition);
        return true;
    }

    Optional<CircuitBreaker.State> breakerState() {
        return Optional.ofNullable(breaker).map(CircuitBreaker::state);
    }

    OptionalInt concurrency() {
        return concurrency == null ? OptionalInt.empty() : OptionalInt.of(concurrency.limit());
    }
}
