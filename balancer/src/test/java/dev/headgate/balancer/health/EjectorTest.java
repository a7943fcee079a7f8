package dev.headgate.balancer.health;

import static dev.headgate.balancer.health.EjectionReason.CONSECUTIVE_CONNECT_FAILURES;
import static dev.headgate.balancer.health.EjectionReason.CONSECUTIVE_GATEWAY_FAILURES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.health.Ejector.Return;
import dev.headgate.balancer.health.Ejector.Verdict;
import dev.headgate.balancer.health.EjectorSettings.EarlyReturn;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EjectorTest {
    private static final EjectionReason REASON = CONSECUTIVE_GATEWAY_FAILURES;
    private static final long BASE = 30;
    private static final long MAX = 300;

    @Test
    void takesAnEndpointOutForTheBaseTime() {
        Ejector ejector = ejector(4, 50);

        assertEquals(Verdict.EJECTED, ejector.tryEject(2, REASON, 3, 1_000, 0));
        assertEquals(REASON, ejector.reason(2));
        assertEquals(1, ejector.ejectedCount());
        assertEquals(BASE, ejector.nextReturnInNs(1_000));
        assertEquals(List.of(), ejector.takeDue(1_000 + BASE - 1));
        assertEquals(List.of(new Return(2, REASON, 1_000)), ejector.takeDue(1_000 + BASE));
        assertFalse(ejector.isEjected(2));
        assertEquals(Long.MAX_VALUE, ejector.nextReturnInNs(1_000 + BASE));
    }

    @Test
    void takesItOutForLongerEachTimeUpToTheMaximum() {
        Ejector ejector = ejector(4, 50);
        long nowNs = 0;
        for (int times = 1; times <= 15; times++) {
            ejector.tryEject(0, REASON, 3, nowNs, 0);
            assertEquals(Math.min(times * BASE, MAX), ejector.nextReturnInNs(nowNs));
            nowNs += ejector.nextReturnInNs(nowNs);
            assertEquals(1, ejector.takeDue(nowNs).size());
        }
    }

    @Test
    void forgetsOneEjectionForEachTimeOfWellBeing() {
        Ejector ejector = ejector(4, 50);
        ejectAndReturn(ejector, 0, 0);
        ejectAndReturn(ejector, 0, 30);
        ejectAndReturn(ejector, 0, 90); // until 180

        assertEquals(3, ejector.times(0, 180 + 29));
        assertEquals(2, ejector.times(0, 180 + 30));
        ejector.onUnwell(0, 180 + 50);
        assertEquals(2, ejector.times(0, 180 + 79));
        assertEquals(1, ejector.times(0, 180 + 80));
        assertEquals(0, ejector.times(0, 180 + 110));
        assertEquals(0, ejector.times(0, 180 + 10_000));
    }

    @Test
    void isDoneForgettingSoonEvenAfterABadDay() {
        Ejector ejector = ejector(4, 50);
        long nowNs = 0;
        for (int i = 0; i < 1_000; i++) {
            ejectAndReturn(ejector, 0, nowNs);
            nowNs += MAX;
        }

        assertTrue(ejector.times(0, nowNs) <= MAX / BASE + 1);
        assertEquals(0, ejector.times(0, nowNs + 2 * MAX));
    }

    @Test
    void doesNotForgetDuringAnEjection() {
        Ejector ejector = ejector(4, 50);
        ejector.tryEject(0, REASON, 3, 0, 0);

        assertEquals(1, ejector.times(0, 10_000));
    }

    @ParameterizedTest
    @CsvSource({
        // endpoints, percent, how many may be ejected
        "2, 50, 1",
        "3, 50, 1",
        "4, 50, 2",
        "5, 50, 2",
        "10, 10, 1",
        "10, 19, 1",
        "10, 20, 2",
        "3, 10, 1",
        "5, 0, 0",
        "5, 100, 4",
        "1, 100, 0"
    })
    void ejectsNoMoreThanItsShare(int endpoints, int percent, int expected) {
        Ejector ejector = ejector(endpoints, percent);
        for (int slot = 0; slot < endpoints; slot++) {
            ejector.tryEject(slot, REASON, endpoints - 1 - ejector.ejectedCount(), 0, 0);
        }

        assertEquals(expected, ejector.ejectedCount());
    }

    @Test
    void saysWhyItDoesNotEject() {
        Ejector ejector = ejector(4, 50);
        assertEquals(Verdict.LAST_AVAILABLE, ejector.tryEject(0, REASON, 0, 0, 0));
        assertEquals(Verdict.GONE, ejector.tryEject(4, REASON, 3, 0, 0));
        assertEquals(Verdict.EJECTED, ejector.tryEject(0, REASON, 3, 0, 0));
        assertEquals(Verdict.ALREADY_EJECTED, ejector.tryEject(0, REASON, 3, 0, 0));
        assertEquals(Verdict.EJECTED, ejector.tryEject(1, REASON, 2, 0, 0));
        assertEquals(Verdict.TOO_MANY, ejector.tryEject(2, REASON, 1, 0, 0));
    }

    @Test
    void ejectsWhatCannotBeReachedBeyondItsShareButNotTheLast() {
        Ejector ejector = ejector(4, 50);
        ejector.tryEject(0, CONSECUTIVE_CONNECT_FAILURES, 3, 0, 0);
        ejector.tryEject(1, CONSECUTIVE_CONNECT_FAILURES, 2, 0, 0);
        assertEquals(Verdict.EJECTED, ejector.tryEject(2, CONSECUTIVE_CONNECT_FAILURES, 1, 0, 0));
        assertEquals(Verdict.LAST_AVAILABLE, ejector.tryEject(3, CONSECUTIVE_CONNECT_FAILURES, 0, 0, 0));

        Ejector other = ejector(4, 25);
        other.tryEject(0, CONSECUTIVE_CONNECT_FAILURES, 3, 0, 0);
        assertEquals(Verdict.EJECTED, other.tryEject(1, REASON, 2, 0, 0), "the first does not count against it");
    }

    @Test
    void doesNotBringThemBackTogether() {
        Ejector ejector = new Ejector(settings(50, EarlyReturn.NEVER, 20));
        ejector.add(0, 0);
        ejector.add(1, 0);
        ejector.tryEject(0, CONSECUTIVE_CONNECT_FAILURES, 1, 0, 0);
        ejector.tryEject(1, CONSECUTIVE_CONNECT_FAILURES, 1, 0, -1);

        assertEquals(1, ejector.takeDue(BASE).size());
        assertEquals(BASE * 20 / 100, ejector.nextReturnInNs(BASE));
    }

    @Test
    void endsAnEjectionEarlyByChecksThatBeganAfterIt() {
        Ejector ejector = early(EarlyReturn.UNANSWERED);
        ejector.tryEject(0, CONSECUTIVE_CONNECT_FAILURES, 1, 10, 0);

        assertNull(ejector.onCheck(0, CheckResult.PASSED, 9, 11), "began before");
        assertNull(ejector.onCheck(0, CheckResult.PASSED, 12, 12));
        assertNull(ejector.onCheck(0, CheckResult.STATUS, 13, 13));
        assertNull(ejector.onCheck(0, CheckResult.PASSED, 14, 14));
        assertEquals(new Return(0, CONSECUTIVE_CONNECT_FAILURES, 10), ejector.onCheck(0, CheckResult.PASSED, 15, 15));
        assertFalse(ejector.isEjected(0));
        assertNull(ejector.onCheck(0, CheckResult.PASSED, 16, 16));
        assertEquals(1, ejector.times(0, 16), "the next one takes longer all the same");
    }

    @Test
    void takesChecksForNoProofAgainstErrorsUnlessToldSo() {
        for (EarlyReturn earlyReturn : EarlyReturn.values()) {
            Ejector ejector = early(earlyReturn);
            ejector.tryEject(0, REASON, 1, 0, 0);
            ejector.onCheck(0, CheckResult.PASSED, 1, 1);
            ejector.onCheck(0, CheckResult.PASSED, 2, 2);

            assertEquals(earlyReturn != EarlyReturn.ALWAYS, ejector.isEjected(0), earlyReturn.name());
        }
    }

    @Test
    void bringsBackByCommand() {
        Ejector ejector = ejector(2, 50);
        assertNull(ejector.uneject(0, 0));
        ejector.tryEject(0, REASON, 1, 0, 0);

        assertNotNull(ejector.uneject(0, 1));
        assertFalse(ejector.isEjected(0));
        assertNull(ejector.uneject(7, 1));
    }

    @Test
    void forgetsEndpointsThatAreGone() {
        Ejector ejector = ejector(2, 50);
        ejector.tryEject(0, REASON, 1, 0, 0);
        ejector.remove(0);
        ejector.remove(0);
        assertEquals(0, ejector.ejectedCount());
        ejector.add(0, 5);

        assertFalse(ejector.isEjected(0));
        assertEquals(0, ejector.times(0, 5));
        assertThrows(IllegalStateException.class, () -> ejector.add(0, 5));
    }

    @Test
    void whoIsParkedDoesNotCountForTheOthers() {
        Ejector ejector = ejector(4, 50);
        ejector.tryEject(0, REASON, 3, 0, 0);
        ejector.tryEject(1, REASON, 2, 0, 0);
        assertEquals(Verdict.TOO_MANY, ejector.tryEject(2, REASON, 1, 0, 0));
        ejector.park(1);
        ejector.park(1);
        assertEquals(Verdict.TOO_MANY, ejector.tryEject(2, REASON, 1, 0, 0), "two of three");
        ejector.park(0);
        assertEquals(Verdict.EJECTED, ejector.tryEject(2, REASON, 1, 0, 0), "one of two");
        assertEquals(Verdict.GONE, ejector.tryEject(0, REASON, 1, 0, 0));
        assertEquals(1, ejector.ejectedCount());
    }

    @Test
    void whoWasParkedIsAsBefore() {
        Ejector ejector = ejector(2, 50);
        ejector.tryEject(0, REASON, 1, 0, 0);
        ejector.park(0);
        assertEquals(Long.MAX_VALUE, ejector.nextReturnInNs(0));
        assertEquals(List.of(), ejector.takeDue(Long.MAX_VALUE / 2));
        ejector.unpark(0);
        ejector.unpark(0);
        assertTrue(ejector.isEjected(0));
        assertEquals(1, ejector.takeDue(Long.MAX_VALUE / 2).size());
    }

    @Test
    void keepsNobodyOutForLongerThanNewSettingsWould() {
        Ejector ejector = ejector(2, 50);
        ejector.tryEject(0, REASON, 1, 0, 0);
        ejector.reconfigure(new EjectorSettings(5, 10, 0, 5, 50, EarlyReturn.NEVER, 1), 3);

        assertEquals(10, ejector.nextReturnInNs(3));
    }

    @Test
    void survivesTheWrapOfTheClock() {
        Ejector ejector = new Ejector(settings(50, EarlyReturn.NEVER, 0));
        long nowNs = Long.MAX_VALUE - 10;
        ejector.add(0, nowNs);
        ejector.tryEject(0, REASON, 1, nowNs, 0);

        assertEquals(List.of(), ejector.takeDue(nowNs + BASE - 1));
        assertEquals(1, ejector.takeDue(nowNs + BASE).size());
    }

    @Property(tries = 200)
    void alwaysLeavesOneAndKeepsItsShare(
            @ForAll @IntRange(min = 1, max = 12) int endpoints,
            @ForAll @IntRange(max = 100) int percent,
            @ForAll long seed) {
        Random random = new Random(seed);
        Ejector ejector = ejector(endpoints, percent);
        long nowNs = 0;
        for (int i = 0; i < 200; i++) {
            nowNs += random.nextInt(20);
            ejector.takeDue(nowNs);
            int slot = random.nextInt(endpoints);
            int others = endpoints - ejector.ejectedCount() - (ejector.isEjected(slot) ? 0 : 1);
            EjectionReason reason = EjectionReason.values()[random.nextInt(EjectionReason.values().length)];
            ejector.tryEject(slot, reason, others, nowNs, random.nextLong());

            int reachable = 0;
            for (int s = 0; s < endpoints; s++) {
                EjectionReason why = ejector.reason(s);
                reachable += why != null && !why.isUnreachable() ? 1 : 0;
            }
            assertTrue(ejector.ejectedCount() < endpoints);
            assertTrue(reachable <= Math.max(endpoints * percent / 100, percent == 0 ? 0 : 1));
            assertTrue(ejector.ejectedCount() == 0 || ejector.nextReturnInNs(nowNs) <= MAX);
        }
    }

    private static void ejectAndReturn(Ejector ejector, int slot, long nowNs) {
        assertEquals(Verdict.EJECTED, ejector.tryEject(slot, REASON, 3, nowNs, 0));
        assertEquals(1, ejector.takeDue(nowNs + ejector.nextReturnInNs(nowNs)).size());
    }

    private static Ejector ejector(int endpoints, int percent) {
        Ejector ejector = new Ejector(settings(percent, EarlyReturn.NEVER, 0));
        for (int slot = 0; slot < endpoints; slot++) {
            ejector.add(slot, 0);
        }
        return ejector;
    }

    private static Ejector early(EarlyReturn earlyReturn) {
        Ejector ejector = new Ejector(settings(50, earlyReturn, 0));
        ejector.add(0, 0);
        ejector.add(1, 0);
        return ejector;
    }

    private static EjectorSettings settings(int percent, EarlyReturn earlyReturn, int jitterPercent) {
        return new EjectorSettings(BASE, MAX, jitterPercent, BASE, percent, earlyReturn, 2);
    }
}
