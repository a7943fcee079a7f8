package dev.headgate.balancer.health;

import dev.headgate.balancer.Jitter;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint as its active checks see it.
 * <pre>
 *             pass                fail                       fall fails in a row
 *  UNKNOWN ─────────────▶ UP ──────────────▶ FAILING ──────────────────────────▶ DOWN
 *     │                   ▲ ◀───── pass ────────┘                                │  ▲
 *     │                   │                                                 pass │  │ fail
 *     │                   └───── rise passes in a row ───── RISING ◀─────────────┘  │
 *     └────────────────────────────── fail ─────────────────┴──────────────────────▶┘
 * </pre>
 * The first result of an unknown endpoint decides alone: waiting for more would keep a good endpoint idle after a start, or
 * a bad one in use. With {@code fall} or {@code rise} of one, the states in between are skipped.
 *
 * <p>Owned by one thread.
 */
public final class HealthState {
    private HealthSettings settings;
    private Health health;
    private @Nullable CheckResult lastResult;
    private int inARow; // of the results that FAILING or RISING counts, else 0
    private boolean isSuspected;
    private long sinceNs;

    /** An endpoint that has not been checked yet. */
    public HealthState(HealthSettings settings, long nowNs) {
        this.settings = settings;
        this.health = settings.start();
        this.sinceNs = nowNs;
    }

    /** Takes other settings over and keeps what is known: an endpoint that is up or down stays so. */
    public void reconfigure(HealthSettings newSettings) {
        settings = newSettings;
    }

    /**
     * A check has ended.
     *
     * @return what has changed by it, or null
     */
    public @Nullable HealthTransition onResult(CheckResult result, long nowNs) {
        isSuspected = false;
        lastResult = result;
        Health next = result.isPass() ? onPass() : onFail();
        if (next == health) {
            return null;
        }
        HealthTransition transition = new HealthTransition(health, next, result);
        if (transition.isDecisive()) {
            sinceNs = nowNs;
        }
        health = next;
        return transition;
    }

    private Health onPass() {
        return switch (health) {
            case UNKNOWN, UP, FAILING -> {
                inARow = 0;
                yield Health.UP;
            }
            case DOWN, RISING -> reached(settings.rise(), Health.UP, Health.RISING);
        };
    }

    private Health onFail() {
        return switch (health) {
            case UNKNOWN, DOWN, RISING -> {
                inARow = 0;
                yield Health.DOWN;
            }
            case UP, FAILING -> reached(settings.fall(), Health.DOWN, Health.FAILING);
        };
    }

    private Health reached(int threshold, Health there, Health onTheWay) {
        inARow++;
        if (inARow < threshold) {
            return onTheWay;
        }
        inARow = 0;
        return there;
    }

    /**
     * Traffic has shown that something may be wrong: the next check comes soon, see {@link #soonestCheckNs}.
     *
     * @return false where that is no news, because checks have found it down
     */
    public boolean suspect() {
        boolean isNews = switch (health) {
            case UNKNOWN, UP, FAILING -> true;
            case DOWN, RISING -> false;
        };
        isSuspected |= isNews;
        return isNews;
    }

    /**
     * When a suspicion has it checked: at once, but no sooner after the last check than checks in short order are. Traffic may fail many times a
     * second, and an origin that has too much to do already must not be asked each time.
     *
     * @param lastStartedNs when the last check was started, if there was any
     */
    public long soonestCheckNs(long lastStartedNs, long nowNs) {
        if (lastResult == null) {
            return nowNs;
        }
        long soonestNs = lastStartedNs + settings.fastIntervalNs();
        return soonestNs - nowNs > 0 ? soonestNs : nowNs;
    }

    /** How long to wait for the first check; endpoints that get traffic meanwhile are not all checked at once. */
    public long firstDelayNs(long random) {
        return health.isUp() ? Jitter.upTo(settings.fastIntervalNs(), random) : 0;
    }

    /** How long to wait for the next check, from the end of the last one. */
    public long nextDelayNs(long random) {
        return Jitter.around(intervalNs(), settings.jitterPercent(), random);
    }

    private long intervalNs() {
        long usual = switch (health) {
            case UP -> settings.intervalNs();
            case UNKNOWN, FAILING, RISING -> settings.fastIntervalNs();
            case DOWN -> settings.downIntervalNs();
        };
        return isSuspected ? Math.min(usual, settings.fastIntervalNs()) : usual;
    }

    public Health health() {
        return health;
    }

    /** What the last check found, or null when there was none. */
    public @Nullable CheckResult lastResult() {
        return lastResult;
    }

    /** Since when the endpoint is up, down or unknown. */
    public long sinceNs() {
        return sinceNs;
    }

    /** Whether it is down, and its last check could not even connect: it is no capacity at all. */
    public boolean isUnreachable() {
        return health == Health.DOWN && lastResult == CheckResult.CONNECT_FAILED;
    }
}
