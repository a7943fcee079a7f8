package dev.headgate.engine.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
    private static final long TICK_NS = 1 << 10;
    private static final int SLOTS = 64;
    private static final long START_NS = Long.MAX_VALUE - 5 * TICK_NS; // the clock wraps around early in every test

    private final List<Throwable> failures = new ArrayList<>();
    private final TimerWheel wheel = wheel(Integer.MAX_VALUE);

    private TimerWheel wheel(int workMax) {
        return new TimerWheel(START_NS, TICK_NS, SLOTS, workMax, (timer, failure) -> {
            if (failure != null) {
                failures.add(failure);
            }
        });
    }

    private static long at(long ticks) {
        return START_NS + ticks * TICK_NS;
    }

    @Test
    void firesInTheTickThatEndsAtTheDeadlineAndNotBefore() {
        CountingTimer timer = new CountingTimer();
        wheel.arm(timer, at(3));
        wheel.advance(at(3) - 1);
        assertEquals(0, timer.fired);
        wheel.advance(at(3));
        assertEquals(1, timer.fired);
        assertFalse(timer.isArmed());
    }

    @Test
    void aRetiredTimerNeitherFiresNorTakesADeadline() {
        CountingTimer timer = new CountingTimer();
        wheel.arm(timer, at(3));
        wheel.retire(timer);
        wheel.retire(timer);
        wheel.advance(at(4));
        assertEquals(0, timer.fired);
        assertEquals(0, wheel.linkedTimers());
        assertThrows(AssertionError.class, () -> wheel.arm(timer, at(9)));
    }

    @Test
    void aDeadlineJustPastATickWaitsForTheNext() {
        CountingTimer timer = new CountingTimer();
        wheel.arm(timer, at(3) + 1);
        wheel.advance(at(4) - 1);
        assertEquals(0, timer.fired);
        wheel.advance(at(4));
        assertEquals(1, timer.fired);
    }

    @Test
    void aDeadlineThatHasPassedFiresInTheNextTick() {
        CountingTimer timer = new CountingTimer();
        wheel.advance(at(10));
        wheel.arm(timer, at(2));
        wheel.advance(at(10));
        assertEquals(0, timer.fired);
        wheel.advance(at(11));
        assertEquals(1, timer.fired);
    }

    @Test
    void armingLaterLeavesTheTimerLinkedWhereItIs() {
        CountingTimer timer = new CountingTimer();
        wheel.arm(timer, at(3));
        long slotTick = timer.slotTick;
        wheel.arm(timer, at(30));
        assertEquals(slotTick, timer.slotTick);
        wheel.advance(at(29));
        assertEquals(0, timer.fired);
        wheel.advance(at(30));
        assertEquals(1, timer.fired);
    }

    @Test
    void armingEarlierLinksTheTimerAnew() {
        CountingTimer timer = new CountingTimer();
        wheel.arm(timer, at(30));
        wheel.arm(timer, at(3));
        wheel.advance(at(3));
        assertEquals(1, timer.fired);
    }

    @Test
    void aDisarmedTimerStaysLinkedUntilTheWheelComesBy() {
        CountingTimer timer = new CountingTimer();
        wheel.arm(timer, at(3));
        wheel.disarm(timer);
        assertEquals(1, wheel.linkedTimers());
        wheel.advance(at(3));
        assertEquals(0, wheel.linkedTimers());
        assertEquals(0, timer.fired);
    }

    @Test
    void aTimerDisarmedAndArmedAgainFiresOnce() {
        CountingTimer timer = new CountingTimer();
        wheel.arm(timer, at(3));
        wheel.disarm(timer);
        wheel.arm(timer, at(5));
        wheel.advance(at(20));
        assertEquals(1, timer.fired);
    }

    @Test
    void aRemovedTimerIsUnlinkedAtOnce() {
        CountingTimer first = new CountingTimer();
        CountingTimer middle = new CountingTimer();
        CountingTimer last = new CountingTimer();
        wheel.arm(first, at(3));
        wheel.arm(middle, at(3));
        wheel.arm(last, at(3));
        wheel.remove(middle);
        wheel.remove(middle);
        assertEquals(2, wheel.linkedTimers());
        wheel.advance(at(3));
        assertEquals(List.of(1, 0, 1), List.of(first.fired, middle.fired, last.fired));
    }

    @Test
    void deadlinesManyTurnsAwayFireInTheirTick() {
        CountingTimer timer = new CountingTimer();
        long ticks = 10L * SLOTS + 7;
        wheel.arm(timer, at(ticks));
        for (long tick = 1; tick < ticks; tick++) {
            wheel.advance(at(tick));
            assertEquals(0, timer.fired, "tick " + tick);
        }
        wheel.advance(at(ticks));
        assertEquals(1, timer.fired);
    }

    @Test
    void aTimerThatArmsItselfInThePastFiresOncePerAdvance() {
        CountingTimer timer = new CountingTimer() {
            @Override
            protected void onDeadline(long nowNs) {
                super.onDeadline(nowNs);
                wheel.arm(this, at(0));
            }
        };
        wheel.arm(timer, at(1));
        wheel.advance(at(1));
        assertEquals(1, timer.fired);
        wheel.advance(at(2));
        assertEquals(2, timer.fired);
    }

    @Test
    void aLongStallCostsOneTurnAtMost() {
        CountingTimer timer = new CountingTimer();
        wheel.arm(timer, at(50));
        assertEquals(1, wheel.advance(at(1L << 40)));
        assertEquals(1, timer.fired);
        wheel.arm(timer, at((1L << 40) + 2));
        wheel.advance(at((1L << 40) + 2));
        assertEquals(2, timer.fired);
    }

    @Test
    void workOfOneAdvanceIsBoundedAndTheRestFollows() {
        TimerWheel bounded = wheel(3);
        List<CountingTimer> timers = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            timers.add(new CountingTimer());
            bounded.arm(timers.get(i), at(2));
        }
        assertEquals(3, bounded.advance(at(9)));
        assertEquals(0, bounded.nextPollTimeoutNs(at(9)));
        assertEquals(3, bounded.advance(at(9)));
        assertEquals(1, bounded.advance(at(9)));
        assertEquals(TimerWheel.NO_TIMEOUT, bounded.nextPollTimeoutNs(at(9)));
        assertTrue(timers.stream().allMatch(timer -> timer.fired == 1));
    }

    @Test
    void pollTimeoutIsTheTimeToTheNextOccupiedTick() {
        assertEquals(TimerWheel.NO_TIMEOUT, wheel.nextPollTimeoutNs(at(0)));
        CountingTimer timer = new CountingTimer();
        wheel.arm(timer, at(40));
        assertEquals(40 * TICK_NS, wheel.nextPollTimeoutNs(at(0)));
        assertEquals(1, wheel.nextPollTimeoutNs(at(40) - 1));
        assertEquals(0, wheel.nextPollTimeoutNs(at(41)));
    }

    @Test
    void aFailingTimerStopsNoOther() {
        CountingTimer good = new CountingTimer();
        Timer bad = new Timer() {
            @Override
            protected void onDeadline(long nowNs) {
                throw new IllegalStateException("bad timer");
            }
        };
        wheel.arm(good, at(2));
        wheel.arm(bad, at(2));
        wheel.advance(at(2));
        assertEquals(1, good.fired);
        assertEquals(1, failures.size());
    }

    @Test
    void aMillionTimersComeAndGoWithoutALeak() {
        CountingTimer[] timers = new CountingTimer[1_000_000];
        for (int i = 0; i < timers.length; i++) {
            timers[i] = new CountingTimer();
            wheel.arm(timers[i], at(1 + i % 500));
        }
        for (int i = 0; i < timers.length; i += 2) {
            wheel.remove(timers[i]);
        }
        assertEquals(timers.length / 2, wheel.linkedTimers());
        for (int tick = 1; tick <= 500; tick++) {
            wheel.advance(at(tick));
        }
        assertEquals(0, wheel.linkedTimers());
        for (int i = 0; i < timers.length; i++) {
            assertEquals(i % 2, timers[i].fired);
        }
    }

    private static class CountingTimer extends Timer {
        int fired;

        @Override
        protected void onDeadline(long nowNs) {
            fired++;
        }
    }
}
