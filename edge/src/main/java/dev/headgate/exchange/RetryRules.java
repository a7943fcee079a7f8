package dev.headgate.exchange;

import dev.headgate.balancer.Backoff;
import dev.headgate.config.RetryOn;
import dev.headgate.config.RetryOn.Failing;
import dev.headgate.config.RouteConfig.RouteRetry;
import dev.headgate.config.UpstreamConfig.RetryConfig;
import dev.headgate.engine.HotPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What another attempt follows on, in one route. Shared by all loops; immutable. */
@HotPath
public final class RetryRules {
    /** Those of a route whose configuration says nothing. */
    public static final RetryRules USUAL = of(RetryOn.USUAL, false, new Backoff(0, 0), 0);

    private final int failing; // a bit for each of Failing
    private final AnswerConditions answers;
    private final boolean isUnsafe;
    private final Backoff backoff;
    private final long retryAfterMaxNs;

    private RetryRules(int failing, AnswerConditions answers, boolean isUnsafe, Backoff backoff, long retryAfterMaxNs) {
        this.failing = failing;
        this.answers = answers;
        this.isUnsafe = isUnsafe;
        this.backoff = backoff;
        this.retryAfterMaxNs = retryAfterMaxNs;
    }

    /** The configuration of an upstream, and what a route says in its place. */
    public static RetryRules of(RetryConfig upstream, RouteRetry route) {
        return of(
                route.on().orElse(upstream.on()),
                route.isUnsafe().orElse(upstream.isUnsafe()),
                new Backoff(upstream.backoff().baseNs(), upstream.backoff().maxNs()),
                upstream.retryAfterMaxNs());
    }

    static RetryRules of(List<RetryOn> on, boolean isUnsafe, Backoff backoff, long retryAfterMaxNs) {
        int failing = 0;
        for (RetryOn each : on) {
            if (each instanceof Failing way) {
                failing |= 1 << way.ordinal();
            }
        }
        return new RetryRules(failing, AnswerConditions.among(on), isUnsafe, backoff, retryAfterMaxNs);
    }

    /** Whether an attempt that failed in this way is followed by another, at another endpoint. */
    boolean holdsOn(FailureKind kind) {
        Failing way = wayOf(kind);
        return way != null && (failing & 1 << way.ordinal()) != 0;
    }

    private static @Nullable Failing wayOf(FailureKind kind) {
        if (kind.isBeforeConnect()) {
            return Failing.CONNECT;
        }
        return switch (kind) {
            case WEBSOCKET_UNOFFERED -> Failing.CONNECT;
            case STREAM_REFUSED, GOING_AWAY -> Failing.REFUSED_STREAM;
            case TRY_TIMEOUT -> Failing.TIMEOUT;
            case RESET, CLOSED, STREAM_RESET, PROTOCOL_BROKEN, UNRESPONSIVE, TLS_ALERT, TLS_BROKEN -> Failing.RESET;
            default -> null;
        };
    }

    /** The answers that are followed by another attempt. */
    AnswerConditions answers() {
        return answers;
    }

    /** Whether a request that is not idempotent may take effect twice. */
    boolean isUnsafe() {
        return isUnsafe;
    }

    Backoff backoff() {
        return backoff;
    }

    /** The longest wait that an answer may ask for, and be followed by another attempt. */
    long retryAfterMaxNs() {
        return retryAfterMaxNs;
    }
}
