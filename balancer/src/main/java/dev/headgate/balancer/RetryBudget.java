package dev.headgate.balancer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Bounds the retries of one upstream: a token bucket that every request feeds with a fraction of a token and every retry
 * takes a whole token from.
 *
 * <p>Time goes in whole seconds. At the end of each:
 * <ol>
 * <li>a tenth of the tokens goes, so that what is saved up approaches ten seconds' worth of the feed and stays there;
 * <li>if the requests of that second fed less than the floor, the difference is added, so that each second feeds the floor
 *     at least. It is no extra on top of the requests' share: with enough traffic, retries never exceed that share.
 * </ol>
 * A new bucket holds ten seconds' worth of the floor, which is also what it comes to rest at without traffic.
 *
 * <p>All loops change one word by compare-and-exchange, for the bound is one across loops:
 * <pre>
 *  63                           36 35          26 25                                0
 *  | second, modulo 2^28          | fed, up to   | tokens, in hundredths              |
 *  |                              | the floor    |                                    |
 * </pre>
 */
public final class RetryBudget {
    /** The most tokens that the floor may add per second. */
    public static final int FLOOR_PER_SECOND_MAX = 10;

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int TOKENS_BITS = 26;
    private static final int FED_BITS = 10;
    private static final int SECOND_BITS = 28;
    private static final long TOKENS_MASK = (1L << TOKENS_BITS) - 1;
    private static final long FED_MASK = (1L << FED_BITS) - 1;
    private static final long SECOND_MASK = (1L << SECOND_BITS) - 1;

    private static final int TOKEN = 100; // hundredths, so that a percentage is a whole number
    private static final int BURST_SECONDS = 10;
    private static final long SECOND_NS = 1_000_000_000L;

    // After this many seconds without a call, less than 3 in 10^8 of what was saved up is left.
    private static final int SETTLED_SECONDS = 170;

    private static final int INDEX = 16; // alone in its pair of cache lines
    private final long[] cell = new long[2 * INDEX + 1];

    private final long startNs;
    private final int fedPerRequest; // hundredths of a token
    private final int floorPerSecond; // hundredths of a token

    /**
     * @param percent retries per hundred requests, 0 to 100
     * @param floorPerSecond retries per second that are always granted, 0 to {@link #FLOOR_PER_SECOND_MAX}
     * @param startNs the monotonic clock now
     */
    public RetryBudget(int percent, int floorPerSecond, long startNs) {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("percent out of range: percent=" + percent + ", limit=100");
        }
        if (floorPerSecond < 0 || floorPerSecond > FLOOR_PER_SECOND_MAX) {
            throw new IllegalArgumentException(
                    "floor out of range: floorPerSecond=" + floorPerSecond + ", limit=" + FLOOR_PER_SECOND_MAX);
        }
        this.startNs = startNs;
        this.fedPerRequest = percent;
        this.floorPerSecond = floorPerSecond * TOKEN;
        CELL.setRelease(cell, INDEX, word(0, 0, (long) this.floorPerSecond * BURST_SECONDS));
    }

    /** A request for the upstream has arrived; its retries do not count. Called once per exchange, on any loop. */
    public void onRequest(long nowNs) {
        while (true) {
            long seen = load();
            long now = advance(seen, nowNs);
            long fed = Math.min(fed(now) + fedPerRequest, floorPerSecond);
            long tokens = Math.min(tokens(now) + fedPerRequest, TOKENS_MASK);
            if (CELL.weakCompareAndSet(cell, INDEX, seen, word(second(now), fed, tokens))) {
                return;
            }
        }
    }

    /** Takes a token for one retry, if there is one. */
    public boolean tryRetry(long nowNs) {
        while (true) {
            long seen = load();
            long now = advance(seen, nowNs);
            long tokens = tokens(now) - TOKEN;
            if (tokens < 0) {
                return false;
            }
            if (CELL.weakCompareAndSet(cell, INDEX, seen, word(second(now), fed(now), tokens))) {
                return true;
            }
        }
    }

    /** Gives back a token that {@link #tryRetry} has just taken, for a retry that was not made. */
    public void onUnused(long nowNs) {
        while (true) {
            long seen = load();
            long now = advance(seen, nowNs);
            long tokens = Math.min(tokens(now) + TOKEN, TOKENS_MASK);
            if (CELL.weakCompareAndSet(cell, INDEX, seen, word(second(now), fed(now), tokens))) {
                return;
            }
        }
    }

    /** Retries that would be granted at {@code nowNs}. */
    public long available(long nowNs) {
        return tokens(advance(load(), nowNs)) / TOKEN;
    }

    private long load() {
        return (long) CELL.getAcquire(cell, INDEX);
    }

    /** The word as it is after all seconds that have ended before {@code nowNs}. */
    private long advance(long word, long nowNs) {
        long now = Math.floorDiv(nowNs - startNs, SECOND_NS) & SECOND_MASK;
        // Sign-extended: a loop whose clock reading is a little older than the word sees a negative distance, not a
        // huge one.
        long elapsed = (now - second(word)) << (Long.SIZE - SECOND_BITS) >> (Long.SIZE - SECOND_BITS);
        if (elapsed <= 0) {
            return word;
        }
        if (elapsed > SETTLED_SECONDS) {
            return word(now, 0, (long) floorPerSecond * BURST_SECONDS);
        }
        long tokens = tokens(word);
        long fed = fed(word);
        for (long i = 0; i < elapsed; i++) {
            tokens = tokens - tokens / BURST_SECONDS + (floorPerSecond - fed);
            fed = 0;
        }
        return word(now, 0, tokens);
    }

    private static long second(long word) {
        return word >>> (FED_BITS + TOKENS_BITS);
    }

    private static long fed(long word) {
        return word >>> TOKENS_BITS & FED_MASK;
    }

    private static long tokens(long word) {
        return word & TOKENS_MASK;
    }

    private static long word(long second, long fed, long tokens) {
        return second << (FED_BITS + TOKENS_BITS) | fed << TOKENS_BITS | tokens;
    }
}
