package dev.headgate.balancer.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.health.ConsecutiveSettings.Local;
import dev.headgate.balancer.health.Ejector.Verdict;
import dev.headgate.balancer.health.EjectorSettings.EarlyReturn;
import dev.headgate.balancer.health.EndpointCondition.Reach;
import dev.headgate.balancer.health.Weights.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counting, ejecting, ramping and weighing together, over simulated minutes of traffic. */
class EjectionSimulationTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;

    /** An upstream whose endpoints answer as they are told to, with the one who decides ticking every 50 ms. */
    private static final class Upstream {
        private final SplittableRandom random;
        private final Outcome[] answers;
        private final List<Consecutive> counts = new ArrayList<>();
        private final Ejector ejector = new Ejector(
                new EjectorSettings(30 * SECOND, 300 * SECOND, 10, 30 * SECOND, 50, EarlyReturn.UNANSWERED, 2));
        private final SlowStart slowStart = new SlowStart(new SlowStartSettings(10 * SECOND, 10, 1));
        private final Weighing weighing = new Weighing(WeighingSettings.DEFAULTS);
        private final long[] upSinceNs;
        private Weights weights;
        private long nowNs;
        int views;
        final int[] tried;
        int failed;

        Upstream(int endpoints, long seed) {
            random = new SplittableRandom(seed);
            answers = new Outcome[endpoints];
            Arrays.fill(answers, Outcome.SUCCESS);
            upSinceNs = new long[endpoints];
            Arrays.fill(upSinceNs, -3_600 * SECOND);
            tried = new int[endpoints];
            for (int slot = 0; slot < endpoints; slot++) {
                counts.add(new Consecutive(new ConsecutiveSettings(0, 5, 0, Local.TOGETHER)));
                ejector.add(slot, 0);
            }
            weights = weigh();
        }

        /** A thousand requests per second, one attempt each. */
        Upstream run(int seconds) {
            Arrays.fill(tried, 0);
            failed = 0;
            for (int i = 0; i < seconds * 1_000; i++) {
                nowNs += MS;
                int slot = pick();
                Outcome outcome = answers[slot];
                tried[slot]++;
                failed += outcome == Outcome.SUCCESS ? 0 : 1;
                EjectionReason reason = counts.get(slot).onOutcome(outcome);
                if (reason != null) {
                    onReport(slot, reason);
                }
                if (i % 50 == 0) {
                    onTick();
                }
            }
            return this;
        }

        private int pick() {
            long position = random.nextLong(WeighingTest.total(weights));
            int slot = 0;
            while (position >= weights.weight(slot)) {
                position -= weights.weight(slot++);
            }
            return slot;
        }

        private void onReport(int slot, EjectionReason reason) {
            int others = 0;
            for (int s = 0; s < answers.length; s++) {
                others += s != slot && !ejector.isEjected(s) ? 1 : 0;
            }
            if (ejector.tryEject(slot, reason, others, nowNs, random.nextLong()) == Verdict.EJECTED) {
                publish(weigh());
            }
        }

        private void onTick() {
            for (int slot = 0; slot < answers.length; slot++) {
                EjectionReason reason = ejector.reason(slot);
                boolean hasTraffic = weights.weight(slot) > 0;
                if (reason != null
                        && reason.isUnreachable()
                        && hasTraffic
                        && !counts.get(slot).isUnreachable()) {
                    ejector.uneject(slot, nowNs);
                }
            }
            for (Ejector.Return returned : ejector.takeDue(nowNs)) {
                counts.get(returned.slot()).reset();
                upSinceNs[returned.slot()] = nowNs;
            }
            publish(weigh());
        }

        private void publish(Weights next) {
            views += next.hasSameEffectAs(weights) ? 0 : 1;
            weights = next;
        }

        private Weights weigh() {
            List<EndpointCondition> conditions = new ArrayList<>();
            for (int slot = 0; slot < answers.length; slot++) {
                EjectionReason reason = ejector.reason(slot);
                boolean isUnreachable = reason != null && reason.isUnreachable()
                        || counts.get(slot).isUnreachable();
                conditions.add(EndpointCondition.up(slot, 1)
                        .with(reason == null ? Standing.UP : Standing.EJECTED)
                        .with(isUnreachable ? Reach.UNREACHABLE : Reach.REACHABLE)
                        .withRampShare(slowStart.share(upSinceNs[slot], nowNs)));
            }
            return weighing.weigh(conditions, answers.length);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void takesAKilledEndpointOutAtOnceAndBringsItBackGently(long seed) {
        Upstream upstream = new Upstream(4, seed).run(10);
        assertEquals(0, upstream.failed);
        upstream.answers[2] = Outcome.CONNECT_FAILED;
        upstream.run(10);
        assertEquals(5, upstream.failed);
        upstream.answers[2] = Outcome.SUCCESS;
        upstream.run(60);

        assertEquals(0, upstream.failed);
        assertTrue(upstream.tried[2] > 0, "it is back");
        upstream.run(10);
        assertEquals(2_500, upstream.tried[2], 250);
    }

    @Test
    void doesNotFloodWhatComesBack() {
        Upstream upstream = new Upstream(4, 7);
        upstream.answers[0] = Outcome.GATEWAY_ERROR;
        upstream.run(5);
        upstream.answers[0] = Outcome.SUCCESS;
        upstream.run(5);
        while (upstream.ejector.isEjected(0)) {
            upstream.run(1);
        }
        upstream.run(1);

        assertTrue(upstream.tried[0] > 5 && upstream.tried[0] < 100, "in its first second: " + upstream.tried[0]);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void leavesAllTrafficToTheOnlyOneThatCanBeReached(long seed) {
        Upstream upstream = new Upstream(4, seed);
        upstream.answers[0] = Outcome.CONNECT_FAILED;
        upstream.answers[1] = Outcome.CONNECT_FAILED;
        upstream.answers[2] = Outcome.CONNECT_FAILED;
        upstream.run(20);

        assertEquals(15, upstream.failed, "five each, whatever the largest share of ejected ones");
        assertEquals(State.PANIC, upstream.weights.state());
        upstream.run(5);
        assertEquals(5_000, upstream.tried[3]);
    }

    @Test
    void triesAllWhenNoneCanBeReachedAndFindsThoseThatAreBack() {
        Upstream upstream = new Upstream(4, 3);
        Arrays.fill(upstream.answers, Outcome.CONNECT_FAILED);
        upstream.run(10);
        assertTrue(Arrays.stream(upstream.tried).allMatch(tried -> tried > 1_000), "none is given up");

        Arrays.fill(upstream.answers, Outcome.SUCCESS);
        upstream.run(5);
        assertEquals(0, upstream.failed);
        upstream.run(60);
        assertEquals(State.NORMAL, upstream.weights.state());
    }

    @Test
    void keepsHalfOfWhatAnswersBadlyAndAllWhenThatIsTooLittle() {
        Upstream upstream = new Upstream(4, 9);
        Arrays.fill(upstream.answers, Outcome.GATEWAY_ERROR);
        upstream.run(10);

        assertEquals(2, upstream.ejector.ejectedCount());
        assertEquals(State.NORMAL, upstream.weights.state());
    }

    @Test
    void ejectsTheThirdBadOneAsSoonAsAnotherIsBack() {
        Upstream upstream = new Upstream(4, 13);
        upstream.answers[0] = Outcome.GATEWAY_ERROR;
        upstream.answers[1] = Outcome.GATEWAY_ERROR;
        upstream.answers[2] = Outcome.GATEWAY_ERROR;
        upstream.run(10);
        int left = upstream.ejector.isEjected(0) ? upstream.ejector.isEjected(1) ? 2 : 1 : 0;
        for (int slot = 0; slot < 3; slot++) {
            upstream.answers[slot] = slot == left ? Outcome.GATEWAY_ERROR : Outcome.SUCCESS;
        }
        upstream.run(40);

        assertTrue(upstream.ejector.isEjected(left), "although its first report was long ago");
        assertEquals(1, upstream.ejector.ejectedCount());
    }

    @Test
    void publishesFewViews() {
        Upstream upstream = new Upstream(10, 21);
        upstream.answers[0] = Outcome.GATEWAY_ERROR;
        upstream.run(5);
        upstream.answers[0] = Outcome.SUCCESS;
        upstream.run(60);
        assertFalse(upstream.ejector.isEjected(0));

        assertTrue(upstream.views >= 20 && upstream.views <= 25, "views: " + upstream.views);
    }
}
