package dev.headgate.engine.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any walk of arm, disarm, remove and advance does what a list of deadlines would do. */
class TimerWheelProperties {
    private static final long TICK_NS = 1 << 8;
    private static final int TIMERS = 12;

    enum Kind {
        ARM,
        DISARM,
        REMOVE,
        ADVANCE
    }

    /** {@code amountNs} is the deadline's distance from now, which may be negative, or the step of the clock. */
    record Step(Kind kind, int timer, long amountNs) {}

    @Provide
    Arbitrary<List<Step>> walks() {
        Arbitrary<Kind> kinds =
                Arbitraries.of(Kind.ARM, Kind.ARM, Kind.DISARM, Kind.REMOVE, Kind.ADVANCE, Kind.ADVANCE);
        Arbitrary<Long> near = Arbitraries.longs().between(-2 * TICK_NS, 80 * TICK_NS);
        Arbitrary<Long> far = Arbitraries.longs().between(0, 1000 * TICK_NS);
        return Combinators.combine(kinds, Arbitraries.integers().between(0, TIMERS - 1), Arbitraries.oneOf(near, far))
                .as(Step::new)
                .list()
                .ofMaxSize(200);
    }

    @Property
    void doesWhatAListOfDeadlinesWouldDo(@ForAll("walks") List<Step> walk) {
        Oracle oracle = new Oracle();
        Set<Integer> fired = new TreeSet<>();
        TimerWheel wheel = new TimerWheel(0, TICK_NS, 64, Integer.MAX_VALUE, (timer, failure) -> {});
        List<Timer> timers = IntStream.range(0, TIMERS)
                .<Timer>mapToObj(i -> new NotingTimer(i, fired))
                .toList();
        long nowNs = 0;
        for (Step step : walk) {
            switch (step.kind) {
                case ARM -> {
                    wheel.arm(timers.get(step.timer), nowNs + step.amountNs);
                    oracle.arm(step.timer, nowNs + step.amountNs);
                }
                case DISARM -> {
                    wheel.disarm(timers.get(step.timer));
                    oracle.disarm(step.timer);
                }
                case REMOVE -> {
                    wheel.remove(timers.get(step.timer));
                    oracle.disarm(step.timer);
                }
                case ADVANCE -> {
                    nowNs += Math.max(0, step.amountNs);
                    fired.clear();
                    wheel.advance(nowNs);
                    assertEquals(oracle.advance(nowNs), fired);
                }
            }
        }
    }

    private static final class NotingTimer extends Timer {
        private final int id;
        private final Set<Integer> fired;

        NotingTimer(int id, Set<Integer> fired) {
            this.id = id;
            this.fired = fired;
        }

        @Override
        protected void onDeadline(long nowNs) {
            fired.add(id);
        }
    }

    /** Deadlines rounded up to ticks; one that is armed for the past counts as armed for the next tick. */
    private static final class Oracle {
        private final long[] dueTicks = new long[TIMERS];
        private final boolean[] isArmed = new boolean[TIMERS];
        private long tick;

        void arm(int timer, long deadlineNs) {
            isArmed[timer] = true;
            dueTicks[timer] = Math.max(Math.ceilDiv(deadlineNs, TICK_NS), tick + 1);
        }

        void disarm(int timer) {
            isArmed[timer] = false;
        }

        Set<Integer> advance(long nowNs) {
            tick = Math.floorDiv(nowNs, TICK_NS);
            Set<Integer> fired = new TreeSet<>();
            for (int timer = 0; timer < TIMERS; timer++) {
                if (isArmed[timer] && dueTicks[timer] <= tick) {
                    isArmed[timer] = false;
                    fired.add(timer);
                }
            }
            return fired;
        }
    }
}
