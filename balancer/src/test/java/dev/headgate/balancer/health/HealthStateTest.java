package dev.headgate.balancer.health;

import static dev.headgate.balancer.health.CheckResult.CONNECT_FAILED;
import static dev.headgate.balancer.health.CheckResult.PASSED;
import static dev.headgate.balancer.health.CheckResult.STATUS;
import static dev.headgate.balancer.health.Health.DOWN;
import static dev.headgate.balancer.health.Health.FAILING;
import static dev.headgate.balancer.health.Health.RISING;
import static dev.headgate.balancer.health.Health.UNKNOWN;
import static dev.headgate.balancer.health.Health.UP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class HealthStateTest {
    private static final long INTERVAL = 5_000;
    private static final long FAST = 1_000;
    private static final long SLOW = 20_000;

    /** Results that lead to {@code from}; then {@code pass} follows one that passes and {@code fail} one that does not. */
    record Step(String name, int rise, int fall, Health start, String before, Health from, Health pass, Health fail) {}

    static List<Step> steps() {
        return List.of(
                new Step("unknown", 3, 3, UNKNOWN, "", UNKNOWN, UP, DOWN),
                new Step("up", 3, 3, UP, "", UP, UP, FAILING),
                new Step("up by the first check", 3, 3, UNKNOWN, "p", UP, UP, FAILING),
                new Step("failing once", 3, 3, UP, "f", FAILING, UP, FAILING),
                new Step("failing twice", 3, 3, UP, "ff", FAILING, UP, DOWN),
                new Step("failing again", 3, 3, UP, "ffpff", FAILING, UP, DOWN),
                new Step("down from the start", 3, 3, DOWN, "", DOWN, RISING, DOWN),
                new Step("down", 3, 3, UP, "fff", DOWN, RISING, DOWN),
                new Step("down by the first check", 3, 3, UNKNOWN, "f", DOWN, RISING, DOWN),
                new Step("rising once", 3, 3, DOWN, "p", RISING, RISING, DOWN),
                new Step("rising twice", 3, 3, DOWN, "pp", RISING, UP, DOWN),
                new Step("rising again", 3, 3, DOWN, "ppfpp", RISING, UP, DOWN),
                new Step("up again", 3, 3, DOWN, "ppp", UP, UP, FAILING),
                new Step("up, one is enough", 1, 1, UP, "", UP, UP, DOWN),
                new Step("down, one is enough", 1, 1, DOWN, "", DOWN, UP, DOWN));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void goesWhereTheTableSays(Step step) {
        for (CheckResult result : CheckResult.values()) {
            HealthState state = after(step);
            assertEquals(step.from(), state.health());

            HealthTransition transition = state.onResult(result, 9);

            Health expected = result.isPass() ? step.pass() : step.fail();
            assertEquals(expected, state.health(), result.name());
            assertEquals(
                    expected == step.from() ? null : new HealthTransition(step.from(), expected, result), transition);
            assertEquals(result, state.lastResult());
        }
    }

    @Test
    void theTableHasEveryState() {
        for (Health health : Health.values()) {
            assertTrue(steps().stream().anyMatch(step -> step.from() == health), health.name());
        }
    }

    private static HealthState after(Step step) {
        HealthState state = new HealthState(settings(step.rise(), step.fall(), step.start()), 0);
        for (char c : step.before().toCharArray()) {
            state.onResult(c == 'p' ? PASSED : STATUS, 1);
        }
        return state;
    }

    @Test
    void saysWhichChangesDecide() {
        assertTrue(new HealthTransition(UNKNOWN, UP, PASSED).isDecisive());
        assertTrue(new HealthTransition(UNKNOWN, DOWN, STATUS).isDecisive());
        assertTrue(new HealthTransition(FAILING, DOWN, STATUS).isDecisive());
        assertTrue(new HealthTransition(RISING, UP, PASSED).isDecisive());
        assertFalse(new HealthTransition(UP, FAILING, STATUS).isDecisive());
        assertFalse(new HealthTransition(FAILING, UP, PASSED).isDecisive());
        assertFalse(new HealthTransition(RISING, DOWN, STATUS).isDecisive());
    }

    @Test
    void remembersSinceWhenItIsUpOrDown() {
        HealthState state = new HealthState(settings(2, 2, UP), 5);
        state.onResult(STATUS, 10);
        assertEquals(5, state.sinceNs());
        state.onResult(STATUS, 11);
        assertEquals(11, state.sinceNs());
        state.onResult(PASSED, 12);
        assertEquals(11, state.sinceNs());
        state.onResult(PASSED, 13);
        assertEquals(13, state.sinceNs());
    }

    @ParameterizedTest
    @EnumSource(Health.class)
    void checksFasterWhileChanging(Health health) {
        Step step = steps().stream().filter(s -> s.from() == health).findFirst().orElseThrow();
        HealthState state = after(step);

        long expected = switch (health) {
            case UP -> INTERVAL;
            case UNKNOWN, FAILING, RISING -> FAST;
            case DOWN -> SLOW;
        };
        assertEquals(expected * 8 / 10, state.nextDelayNs(0));
        assertEquals(expected, state.nextDelayNs(Long.MIN_VALUE));
        assertEquals(expected * 12 / 10, state.nextDelayNs(-1));
    }

    @Test
    void checksSoonWhenTrafficFails() {
        HealthState state = new HealthState(settings(3, 3, UP), 0);
        state.suspect();
        assertEquals(FAST, state.nextDelayNs(Long.MIN_VALUE));

        state.onResult(PASSED, 1);
        assertEquals(INTERVAL, state.nextDelayNs(Long.MIN_VALUE));
    }

    @Test
    void trafficThatFailsIsNoNewsOfWhatIsDown() {
        HealthState state = new HealthState(settings(3, 1, UP), 0);
        assertTrue(state.suspect());
        state.onResult(STATUS, 1);
        assertFalse(state.suspect());
        state.onResult(PASSED, 2);
        assertFalse(state.suspect(), "it is rising");
    }

    @Test
    void checksAtOnceForTrafficThatFailsButNotOneAfterAnother() {
        HealthState state = new HealthState(settings(3, 3, UP), 0);
        assertEquals(70, state.soonestCheckNs(0, 70), "it has not been checked yet");
        state.onResult(PASSED, 100);
        assertEquals(100 + FAST, state.soonestCheckNs(100, 100));
        assertEquals(100 + FAST, state.soonestCheckNs(100, 100 + FAST - 1));
        assertEquals(100 + FAST, state.soonestCheckNs(100, 100 + FAST));
        assertEquals(100 + FAST + 1, state.soonestCheckNs(100, 100 + FAST + 1));
        assertEquals(
                Long.MIN_VALUE + FAST - 2, state.soonestCheckNs(Long.MAX_VALUE - 1, Long.MIN_VALUE), "clocks wrap");
    }

    @Test
    void checksAtOnceWhatGetsNoTrafficBefore() {
        assertEquals(0, new HealthState(settings(3, 3, UNKNOWN), 0).firstDelayNs(-1));
        assertEquals(0, new HealthState(settings(3, 3, DOWN), 0).firstDelayNs(-1));
        assertEquals(FAST, new HealthState(settings(3, 3, UP), 0).firstDelayNs(-1));
    }

    @Test
    void knowsWhatCannotBeReached() {
        HealthState state = new HealthState(settings(2, 2, UP), 0);
        state.onResult(CONNECT_FAILED, 1);
        assertFalse(state.isUnreachable(), "up still");
        state.onResult(CONNECT_FAILED, 2);
        assertTrue(state.isUnreachable());
        state.onResult(STATUS, 3);
        assertFalse(state.isUnreachable(), "it answers, if badly");
    }

    @Test
    void keepsWhatIsKnownWhenSettingsChange() {
        HealthState state = new HealthState(settings(3, 3, UP), 0);
        state.onResult(STATUS, 1);
        state.onResult(STATUS, 1);
        state.reconfigure(settings(1, 5, DOWN));
        assertEquals(FAILING, state.health());
        assertNull(state.onResult(STATUS, 2));
        assertNull(state.onResult(STATUS, 2));
        assertNotNull(state.onResult(STATUS, 2));
        assertNotNull(state.onResult(PASSED, 3));
        assertEquals(UP, state.health());
    }

    @Test
    void refusesSettingsOutsideTheirRanges() {
        assertThrows(IllegalArgumentException.class, () -> settings(0, 1, UP));
        assertThrows(IllegalArgumentException.class, () -> settings(1, HealthSettings.CHECKS_MAX + 1, UP));
        assertThrows(IllegalArgumentException.class, () -> settings(1, 1, RISING));
        assertThrows(IllegalArgumentException.class, () -> new HealthSettings(1, 1, UP, 0, 1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new HealthSettings(1, 1, UP, 1, 1, 1, 101));
    }

    @Property(tries = 300)
    void comesUpAndGoesDownExactlyByItsCounts(
            @ForAll @IntRange(min = 1, max = 5) int rise,
            @ForAll @IntRange(min = 1, max = 5) int fall,
            @ForAll @Size(max = 60) List<Boolean> passes) {
        HealthState state = new HealthState(settings(rise, fall, UP), 0);
        boolean isUp = true;
        int against = 0;
        for (boolean pass : passes) {
            against = pass == isUp ? 0 : against + 1;
            if (against == (isUp ? fall : rise)) {
                isUp = !isUp;
                against = 0;
            }
            state.onResult(pass ? PASSED : STATUS, 0);
            assertEquals(isUp, state.health().isUp());
            assertEquals(against > 0, state.health() == FAILING || state.health() == RISING);
        }
    }

    private static HealthSettings settings(int rise, int fall, Health start) {
        return new HealthSettings(rise, fall, start, INTERVAL, FAST, SLOW, 20);
    }
}
