package dev.headgate.upstream;

import dev.headgate.balancer.Backoff;
import dev.headgate.balancer.breaker.AttemptEnd;
import dev.headgate.balancer.breaker.BreakerSettings;
import dev.headgate.balancer.breaker.CircuitBreaker;
import dev.headgate.config.TripConfig;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.FailureKind;

/**
 * The circuit breaker of an upstream. An attempt that is admitted tells how it went exactly once: at the head of its response, for content may
 * take as long as its client likes, or when it fails or is given up before.
 */
@AnyThread
@HotPath
final class CircuitGuard {
    /** What an attempt has that has told, or was not asked for a ticket. */
    static final int NO_TICKET = -2;

    private final CircuitBreaker breaker;
    private final long slowAfterNs;

    CircuitGuard(TripConfig config, int loopCount, long nowNs) {
        this.breaker = new CircuitBreaker(settings(config), loopCount, nowNs);
        this.slowAfterNs = config.slowAfterNs();
    }

    private static BreakerSettings settings(TripConfig config) {
        return new BreakerSettings(
                config.windowNs(),
                config.requests(),
                config.errorPercent(),
                config.slowPercent(),
                new Backoff(config.openNs(), config.openMaxNs()),
                config.jitterPercent(),
                config.probes(),
                config.probeTimeoutNs(),
                config.returnNs(),
                config.returnStartPercent());
    }

    /** For the one who decides. */
    CircuitBreaker breaker() {
        return breaker;
    }

    @LoopConfined
    boolean isOpen() {
        return breaker.isOpen();
    }

    /** How long none is admitted from now on; 0 if some are. */
    @LoopConfined
    long probesInNs(long nowNs) {
        return breaker.probesInNs(nowNs);
    }

    /** A ticket, or {@link CircuitBreaker#REFUSED}. */
    @LoopConfined
    int tryAdmit(long random) {
        return breaker.tryAdmit(random);
    }

    /** The attempt was not made. */
    @LoopConfined
    void onUnused(int ticket) {
        breaker.onAbandoned(ticket);
    }

    /** The head of the final response is there, or a tunnel is open. */
    @LoopConfined
    void onAnswer(int loop, int ticket, boolean isFailure, long latencyNs) {
        AttemptEnd slowOrNot = latencyNs > slowAfterNs ? AttemptEnd.SLOW : AttemptEnd.GOOD;
        breaker.onEnded(loop, ticket, isFailure ? AttemptEnd.FAILED : slowOrNot);
    }

    /** There will be none. */
    @LoopConfined
    void onFailure(int loop, int ticket, FailureKind kind) {
        if (kind.endpointFailure() == null) {
            breaker.onAbandoned(ticket); // It says nothing about the upstream.
        } else {
            breaker.onEnded(loop, ticket, AttemptEnd.FAILED);
        }
    }

    /** Another attempt of the same request was faster: all that is known is how long there was no head. */
    @LoopConfined
    void onLost(int loop, int ticket, long waitedNs) {
        if (waitedNs > slowAfterNs) {
            breaker.onEnded(loop, ticket, AttemptEnd.SLOW);
        } else {
            breaker.onAbandoned(ticket);
        }
    }
}
