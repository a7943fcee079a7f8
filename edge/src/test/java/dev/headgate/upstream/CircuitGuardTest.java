package dev.headgate.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.headgate.balancer.breaker.CircuitBreaker;
import dev.headgate.balancer.breaker.CircuitBreaker.State;
import dev.headgate.config.TripConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a circuit breaker learns of attempts that were given up for others. */
class CircuitGuardTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long SLOW_AFTER_NS = SECOND_NS;
    private static final int REQUESTS = 4;

    private final CircuitGuard guard = new CircuitGuard(
            new TripConfig(
                    10, 50, SLOW_AFTER_NS, 10 * SECOND_NS, REQUESTS, SECOND_NS, SECOND_NS, 0, 1, SECOND_NS, 0, 10),
            1,
            0);

    /** It would have taken longer than that, if only a little; and of one that was given up sooner nothing is known. */
    @ParameterizedTest
    @CsvSource({"-1, CLOSED", "0, CLOSED", "1, OPEN"})
    void whoLosesIsSlowIfItHadThatLongAndNoFailure(long moreNs, State expected) {
        for (int i = 0; i < REQUESTS; i++) {
            guard.onLost(0, guard.tryAdmit(0), SLOW_AFTER_NS + moreNs);
        }
        guard.breaker().onTick(SECOND_NS, 0);

        assertEquals(expected, guard.breaker().state());
    }

    @Test
    void aProbeThatLosesMakesWayForAnother() {
        for (int i = 0; i < REQUESTS; i++) {
            guard.onAnswer(0, guard.tryAdmit(0), true, 0);
        }
        guard.breaker().onTick(SECOND_NS, 0);
        guard.breaker().onTick(3 * SECOND_NS, 0);
        assertEquals(State.HALF_OPEN, guard.breaker().state());
        int probe = guard.tryAdmit(0);
        assertEquals(CircuitBreaker.REFUSED, guard.tryAdmit(0));

        guard.onLost(0, probe, 1);

        assertNotEquals(CircuitBreaker.REFUSED, guard.tryAdmit(0));
    }
}
