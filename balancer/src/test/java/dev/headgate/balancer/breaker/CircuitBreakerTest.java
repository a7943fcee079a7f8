package dev.headgate.balancer.breaker;

import static dev.headgate.balancer.breaker.CircuitBreaker.REFUSED;
import static dev.headgate.balancer.breaker.CircuitBreaker.State.CLOSED;
import static dev.headgate.balancer.breaker.CircuitBreaker.State.HALF_OPEN;
import static dev.headgate.balancer.breaker.CircuitBreaker.State.OPEN;
import static dev.headgate.balancer.breaker.CircuitBreaker.State.RETURNING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.Allocation;
import dev.headgate.balancer.Backoff;
import dev.headgate.balancer.breaker.BreakerTransition.Reason;
import dev.headgate.balancer.breaker.CircuitBreaker.State;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CircuitBreakerTest {
    private static final long WINDOW = 10_000;
    private static final long OPEN_TIME = 5_000;
    private static final long PROBE_TIMEOUT = 3_000;
    private static final long RETURN = 4_000;
    private static final BreakerSettings SETTINGS = new BreakerSettings(
            WINDOW, 10, 50, 50, new Backoff(OPEN_TIME, 8 * OPEN_TIME), 0, 2, PROBE_TIMEOUT, RETURN, 10);

    private final CircuitBreaker breaker = new CircuitBreaker(SETTINGS, 2, 0);
    private long nowNs;

    /** What happens in a state, how long after it was entered it is looked at, and the step that follows. */
    record Step(
            State from,
            String event,
            long afterNs,
            int good,
            int slow,
            int failed,
            @Nullable Step2 to) {}

    record Step2(State state, Reason reason) {}

    static List<Step> steps() {
        return List.of(
                new Step(CLOSED, "nothing", 1, 0, 0, 0, null),
                new Step(CLOSED, "all good", 1, 100, 0, 0, null),
                new Step(CLOSED, "too few to tell", 1, 0, 0, 9, null),
                new Step(CLOSED, "just enough failed", 1, 5, 0, 5, new Step2(OPEN, Reason.ERRORS)),
                new Step(CLOSED, "not enough failed", 1, 6, 0, 5, null),
                new Step(CLOSED, "enough slow", 1, 5, 5, 0, new Step2(OPEN, Reason.SLOW)),
                new Step(CLOSED, "not enough of either", 1, 4, 4, 4, null),
                new Step(OPEN, "time not over", OPEN_TIME - 1, 0, 0, 0, null),
                new Step(OPEN, "time over", OPEN_TIME, 0, 0, 0, new Step2(HALF_OPEN, Reason.OPEN_TIME_OVER)),
                new Step(HALF_OPEN, "nothing", 100 * PROBE_TIMEOUT, 0, 0, 0, null),
                new Step(HALF_OPEN, "one passed", PROBE_TIMEOUT, 1, 0, 0, null),
                new Step(HALF_OPEN, "all passed", 1, 2, 0, 0, new Step2(RETURNING, Reason.PROBES_PASSED)),
                new Step(HALF_OPEN, "one failed", 1, 0, 0, 1, new Step2(OPEN, Reason.PROBE_FAILED)),
                new Step(HALF_OPEN, "one was slow", 1, 1, 1, 0, new Step2(OPEN, Reason.PROBE_FAILED)),
                new Step(RETURNING, "not over", RETURN - 1, 0, 0, 0, null),
                new Step(RETURNING, "over", RETURN, 0, 0, 0, new Step2(CLOSED, Reason.RETURNED)),
                new Step(RETURNING, "over and good", RETURN, 20, 0, 0, new Step2(CLOSED, Reason.RETURNED)),
                new Step(RETURNING, "failing", 1, 0, 0, 10, new Step2(OPEN, Reason.ERRORS)),
                new Step(RETURNING, "failing at the end", RETURN, 0, 0, 10, new Step2(OPEN, Reason.ERRORS)),
                new Step(RETURNING, "slow", 1, 0, 10, 0, new Step2(OPEN, Reason.SLOW)));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void goesWhereTheTableSays(Step step) {
        lead(step.from());
        end(step.good(), AttemptEnd.GOOD);
        end(step.slow(), AttemptEnd.SLOW);
        end(step.failed(), AttemptEnd.FAILED);
        nowNs += step.afterNs();
        BreakerTransition transition = breaker.onTick(nowNs, 0);

        Step2 to = step.to();
        assertEquals(
                to == null ? null : new BreakerTransition(step.from(), to.state(), to.reason()),
                transition,
                step.event());
        assertEquals(to == null ? step.from() : to.state(), breaker.state());
    }

    @Test
    void theTableHasEveryState() {
        for (State state : State.values()) {
            assertTrue(steps().stream().anyMatch(step -> step.from() == state), state.name());
        }
    }

    @Test
    void admitsAllWhileClosedAndNoneWhileOpen() {
        assertNotEquals(REFUSED, breaker.tryAdmit(0));
        assertNotEquals(REFUSED, breaker.tryAdmit(-1));
        lead(OPEN);
        assertEquals(REFUSED, breaker.tryAdmit(0));
        assertEquals(REFUSED, breaker.tryAdmit(-1));
        assertEquals(OPEN_TIME, breaker.probesInNs(nowNs));
        assertEquals(1, breaker.probesInNs(nowNs + OPEN_TIME - 1));
        assertEquals(0, breaker.probesInNs(nowNs + OPEN_TIME));
        assertEquals(0, breaker.probesInNs(nowNs + OPEN_TIME + 1), "nobody has decided yet");
        breaker.onTick(nowNs += OPEN_TIME, 0);
        assertEquals(0, breaker.probesInNs(nowNs), "some are let through");
    }

    @Test
    void admitsExactlyItsProbes() {
        lead(HALF_OPEN);
        assertNotEquals(REFUSED, breaker.tryAdmit(0));
        assertNotEquals(REFUSED, breaker.tryAdmit(-1));
        assertEquals(REFUSED, breaker.tryAdmit(0));
    }

    @Test
    void givesAnotherItsChanceForAProbeThatWasGivenUp() {
        lead(HALF_OPEN);
        breaker.tryAdmit(0);
        int ticket = breaker.tryAdmit(0);
        breaker.onAbandoned(ticket);

        assertEquals(ticket, breaker.tryAdmit(0));
        assertEquals(REFUSED, breaker.tryAdmit(0));
    }

    @Test
    void isNotBlockedByProbesThatNeverEnd() {
        lead(HALF_OPEN);
        int lost = breaker.tryAdmit(0);
        breaker.tryAdmit(0);
        assertNull(breaker.onTick(nowNs += PROBE_TIMEOUT - 1, 0));
        assertEquals(new BreakerTransition(HALF_OPEN, HALF_OPEN, Reason.PROBES_LATE), breaker.onTick(nowNs += 1, 0));

        breaker.onEnded(0, lost, AttemptEnd.FAILED);
        breaker.onAbandoned(lost);
        end(2, AttemptEnd.GOOD);
        assertEquals(REFUSED, breaker.tryAdmit(0));
        breaker.onTick(nowNs, 0);
        assertEquals(RETURNING, breaker.state());
    }

    @Test
    void takesNoAttemptFromBeforeForAProbe() {
        int before = breaker.tryAdmit(0);
        lead(HALF_OPEN);
        breaker.onEnded(0, before, AttemptEnd.FAILED);
        breaker.onEnded(1, before, AttemptEnd.GOOD);
        breaker.onEnded(1, before, AttemptEnd.GOOD);
        breaker.onAbandoned(before);
        assertNull(breaker.onTick(nowNs, 0));
        breaker.tryAdmit(0);
        breaker.tryAdmit(0);
        assertEquals(REFUSED, breaker.tryAdmit(0));
    }

    @Test
    void admitsAGrowingShareOnTheWayBack() {
        lead(RETURNING);
        assertEquals(0.1, admittedShare(), 0.02);
        breaker.onTick(nowNs += RETURN / 2, 0);
        assertEquals(0.55, admittedShare(), 0.02);
        breaker.onTick(nowNs += RETURN / 2 - 1, 0);
        assertEquals(1, admittedShare(), 0.02);
        breaker.onTick(nowNs += 1, 0);
        assertEquals(1, admittedShare(), 0);
    }

    private double admittedShare() {
        SplittableRandom random = new SplittableRandom(17);
        int admitted = 0;
        for (int i = 0; i < 10_000; i++) {
            admitted += breaker.tryAdmit(random.nextLong()) == REFUSED ? 0 : 1;
        }
        return admitted / 10_000.0;
    }

    @Test
    void staysOpenForTwiceAsLongEachTimeUpToTheMaximum() {
        lead(OPEN);
        for (long openNs : new long[] {OPEN_TIME, 2 * OPEN_TIME, 4 * OPEN_TIME, 8 * OPEN_TIME, 8 * OPEN_TIME}) {
            assertEquals(openNs, breaker.probesInNs(nowNs));
            assertNull(breaker.onTick(nowNs += openNs - 1, 0));
            breaker.onTick(nowNs += 1, 0);
            end(1, AttemptEnd.FAILED);
            breaker.onTick(nowNs, 0);
        }
    }

    @Test
    void forgetsTripsOnceItWasClosedForAsLong() {
        lead(RETURNING);
        breaker.onTick(nowNs += RETURN, 0);
        breaker.onTick(nowNs += WINDOW - 1, 0);
        assertEquals(1, breaker.trips());
        breaker.onTick(nowNs += 1, 0);
        assertEquals(0, breaker.trips());
    }

    @Test
    void staysOpenALittleLongerByChance() {
        BreakerSettings jittered = new BreakerSettings(
                WINDOW, 10, 50, 50, new Backoff(OPEN_TIME, 8 * OPEN_TIME), 20, 2, PROBE_TIMEOUT, RETURN, 10);
        breaker.reconfigure(jittered);
        end(10, AttemptEnd.FAILED);
        breaker.onTick(nowNs, -1);

        assertEquals(OPEN_TIME * 12 / 10, breaker.probesInNs(nowNs));
    }

    @Test
    void forgetsWhatIsOutsideItsWindow() {
        end(9, AttemptEnd.FAILED);
        for (int i = 0; i < 11; i++) {
            assertNull(breaker.onTick(nowNs += WINDOW / 10, 0));
        }
        end(9, AttemptEnd.FAILED);
        assertNull(breaker.onTick(nowNs, 0));
        end(1, AttemptEnd.FAILED);
        assertEquals(OPEN, stateAfter(breaker.onTick(nowNs, 0)));
    }

    @Test
    void remembersWhatIsInsideItsWindow() {
        end(5, AttemptEnd.FAILED);
        for (int i = 0; i < 8; i++) {
            assertNull(breaker.onTick(nowNs += WINDOW / 10, 0));
        }
        end(5, AttemptEnd.FAILED);
        assertEquals(OPEN, stateAfter(breaker.onTick(nowNs, 0)));
    }

    @Test
    void tripsForNoReasonThatIsSwitchedOff() {
        breaker.reconfigure(
                new BreakerSettings(WINDOW, 10, 0, 0, new Backoff(OPEN_TIME, OPEN_TIME), 0, 1, PROBE_TIMEOUT, 0, 100));
        end(50, AttemptEnd.FAILED);
        end(50, AttemptEnd.SLOW);

        assertNull(breaker.onTick(nowNs, 0));
    }

    @Test
    void closesAtOnceWithoutARamp() {
        breaker.reconfigure(
                new BreakerSettings(WINDOW, 10, 50, 0, new Backoff(OPEN_TIME, OPEN_TIME), 0, 1, PROBE_TIMEOUT, 0, 100));
        lead(HALF_OPEN);
        end(1, AttemptEnd.SLOW);
        breaker.onTick(nowNs, 0);

        assertEquals(CLOSED, breaker.state());
    }

    @Test
    @Timeout(60)
    void admitsExactlyItsProbesWhenAllLoopsComeAtOnce() throws InterruptedException {
        int probes = 37;
        CircuitBreaker many = new CircuitBreaker(
                new BreakerSettings(
                        WINDOW, 1, 1, 0, new Backoff(OPEN_TIME, OPEN_TIME), 0, probes, PROBE_TIMEOUT, 0, 100),
                4,
                0);
        many.onEnded(0, many.tryAdmit(0), AttemptEnd.FAILED);
        many.onTick(1, 0);
        many.onTick(1 + OPEN_TIME, 0);
        AtomicInteger admitted = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int loop = 0; loop < 4; loop++) {
            int own = loop;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 50_000; i++) {
                    int ticket = many.tryAdmit(i);
                    if (ticket != REFUSED && i % 3 == 0) {
                        many.onAbandoned(ticket);
                    } else if (ticket != REFUSED) {
                        admitted.incrementAndGet();
                        many.onEnded(own, ticket, AttemptEnd.GOOD);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals(probes, admitted.get());
        many.onTick(2 + OPEN_TIME, 0);
        assertEquals(CLOSED, many.state());
    }

    @Test
    void refusesSettingsOutsideTheirRanges() {
        Backoff backoff = new Backoff(1, 1);
        assertThrows(IllegalArgumentException.class, () -> new BreakerSettings(1, 1, 101, 0, backoff, 0, 1, 1, 0, 100));
        assertThrows(IllegalArgumentException.class, () -> new BreakerSettings(0, 1, 50, 0, backoff, 0, 1, 1, 0, 100));
        assertThrows(IllegalArgumentException.class, () -> new BreakerSettings(1, 1, 50, 0, backoff, 0, 0, 1, 0, 100));
        assertThrows(IllegalArgumentException.class, () -> new BreakerSettings(1, 1, 50, 0, backoff, 0, 1, 1, 0, 0));
    }

    @Test
    void allocatesNothing() {
        CircuitBreaker closed = new CircuitBreaker(SETTINGS, 2, 0);
        lead(HALF_OPEN);

        assertEquals(0, Allocation.bytesOf(5, () -> {
            for (int i = 0; i < 10_000; i++) {
                closed.onEnded(i & 1, closed.tryAdmit(i), i % 3 == 0 ? AttemptEnd.SLOW : AttemptEnd.GOOD);
                int probe = breaker.tryAdmit(i);
                if (probe != REFUSED) {
                    breaker.onAbandoned(probe);
                }
            }
        }));
    }

    /** Makes the breaker go to a state, in the order of the diagram. */
    private void lead(State state) {
        if (state == CLOSED) {
            return;
        }
        end(10, AttemptEnd.FAILED);
        breaker.onTick(nowNs, 0);
        if (state == OPEN) {
            return;
        }
        breaker.onTick(nowNs += OPEN_TIME, 0);
        if (state == RETURNING) {
            end(2, AttemptEnd.GOOD);
            breaker.onTick(nowNs, 0);
        }
        assertEquals(state, breaker.state());
    }

    /** Lets so many attempts be admitted and end. */
    private void end(int count, AttemptEnd end) {
        for (int i = 0; i < count; i++) {
            int ticket = breaker.tryAdmit(0);
            assertNotEquals(REFUSED, ticket);
            breaker.onEnded(i & 1, ticket, end);
        }
    }

    private static @Nullable State stateAfter(@Nullable BreakerTransition transition) {
        return transition == null ? null : transition.to();
    }
}
