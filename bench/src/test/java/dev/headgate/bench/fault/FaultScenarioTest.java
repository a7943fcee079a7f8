package dev.headgate.bench.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FaultScenarioTest {
    private static final FaultTimes TIMES =
            new FaultTimes(Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(6), Duration.ofSeconds(5));

    private static String steps(String name, FaultTimes times) {
        StringBuilder text = new StringBuilder();
        for (FaultStep step : FaultScenario.parse(name).steps(times)) {
            text.append(step.at().toMillis())
                    .append(' ')
                    .append(step.origin())
                    .append(' ')
                    .append(step.act())
                    .append("; ");
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "killed | 1000 0 KILL; 7000 0 START;",
                "stopped | 1000 0 STOP; 7000 0 CONTINUE;",
                "503 | 1000 0 FAIL; 7000 0 WELL;",
                "slow | 1000 0 SLOW; 7000 0 WELL;",
                "refusing | 1000 0 REFUSE; 7000 0 ACCEPT;",
                "all-503 | 1000 0 FAIL; 1000 1 FAIL; 1000 2 FAIL; 1000 3 FAIL; 7000 0 WELL; 7000 1 WELL; 7000 2 WELL; 7000 3 WELL;",
            })
    void beginsAndEndsAFault(String name, String expected) {
        assertEquals(expected, steps(name, TIMES).strip());
    }

    @Test
    void doesWhatTakesLongLast() {
        assertEquals("1000 0 KILL; 1000 1 STOP; 7000 1 CONTINUE; 7000 0 START; ", steps("killed+stopped", TIMES));
    }

    @ParameterizedTest
    @CsvSource({"6000,6", "5000,6", "5500,6", "1,2", "1000,2", "1001,2", "2001,4"})
    void endsFlappingWell(int holdMs, int steps) {
        FaultTimes times = new FaultTimes(TIMES.warmUp(), TIMES.before(), Duration.ofMillis(holdMs), TIMES.after());
        List<FaultStep> flapping = FaultScenario.parse("flapping").steps(times);
        assertEquals(steps, flapping.size());
        assertEquals(Act.ACCEPT, flapping.getLast().act());
        for (int i = 0; i < steps; i++) {
            assertEquals(i % 2 == 0 ? Act.REFUSE : Act.ACCEPT, flapping.get(i).act());
            assertEquals(1000 + i * 1000, flapping.get(i).at().toMillis());
        }
    }

    @Test
    void restartsOneAfterAnother() {
        assertEquals(
                "1000 0 DRAIN; 4500 0 END; 4500 0 START; 5500 1 DRAIN; 9000 1 END; 9000 1 START; 10000 2 DRAIN; 13500 2 END; "
                        + "13500 2 START; 14500 3 DRAIN; 18000 3 END; 18000 3 START; ",
                steps("restart", TIMES));
        assertEquals(Duration.ofSeconds(23), FaultScenario.parse("restart").duration(TIMES));
    }

    @Test
    void movesANameAndBack() {
        assertEquals(
                "1000 2 NAME; 4000 0 END; 4000 1 END; 7000 0 START; 7000 1 START; 7000 0 NAME; ", steps("dns", TIMES));
        FaultScenario scenario = FaultScenario.parse("dns");
        assertEquals(List.of(0, 1), scenario.toBeLeftOut());
        assertEquals(List.of(0, 1), scenario.touched());
    }

    @Test
    void oneThatHasTheNameNextMayFailMeanwhile() {
        String steps =
                "1000 2 KILL; 1000 2 NAME; 4000 0 END; 4000 1 END; 7000 2 START; 7000 0 START; 7000 1 START; 7000 0 NAME; ";
        assertEquals(steps, steps("killed+dns", TIMES));
        assertEquals(steps, steps("dns+killed", TIMES));
        assertEquals(List.of(0, 1, 2), FaultScenario.parse("killed+dns").toBeLeftOut());
        assertEquals(List.of(0, 1), FaultScenario.parse("slow+dns").toBeLeftOut());
        assertEquals(List.of(0, 1), FaultScenario.parse("killed+dns").touched());
    }

    @Test
    void oneMayFailWhileTheOthersAreRestarted() {
        assertEquals(
                "1000 0 FAIL; 5500 1 DRAIN; 9000 1 END; 9000 1 START; 10000 2 DRAIN; 13500 2 END; 13500 2 START; 14500 3 DRAIN; "
                        + "18000 3 END; 18000 3 START; 19000 0 WELL; ",
                steps("503+restart", TIMES));
        assertEquals(List.of(0), FaultScenario.parse("503+restart").toBeLeftOut());
        assertEquals(List.of(0, 1, 2, 3), FaultScenario.parse("503+restart").touched());
    }

    @Test
    void knowsWhoHasToBeBackInTheEnd() {
        assertEquals(List.of(0), FaultScenario.parse("killed").touched());
        assertEquals(List.of(0, 1), FaultScenario.parse("killed+slow").touched());
        assertEquals(List.of(0, 1, 2, 3), FaultScenario.parse("restart").touched());
    }

    @Test
    void lastsUntilAllIsOver() {
        assertEquals(Duration.ofSeconds(12), FaultScenario.parse("killed").duration(TIMES));
    }

    static List<FaultScenario> all() {
        List<FaultScenario> all = new ArrayList<>(FaultScenario.singles());
        all.addAll(FaultScenario.pairsOf(all));
        return all;
    }

    @ParameterizedTest
    @MethodSource("all")
    void leavesEachOriginWellInTheEnd(FaultScenario scenario) {
        boolean[] isWell = {true, true, true, true};
        for (FaultStep step : scenario.steps(TIMES)) {
            isWell[step.origin()] = switch (step.act()) {
                case KILL, STOP, FAIL, SLOW, REFUSE, DRAIN, END -> false;
                case NAME -> isWell[step.origin()];
                case START, CONTINUE, WELL, ACCEPT -> true;
            };
        }
        for (boolean one : isWell) assertEquals(true, one);
    }

    /** Whatever is done, there is an origin that has the name, accepts, and answers at once and well. */
    @ParameterizedTest
    @MethodSource("all")
    void leavesOneWellWhereItSaysSo(FaultScenario scenario) {
        Set<Integer> unwell = new HashSet<>();
        int named = scenario.isByName() ? 0 : -1;
        int least = FaultScenario.ORIGINS;
        for (FaultStep step : scenario.steps(TIMES)) {
            switch (step.act()) {
                case KILL, STOP, FAIL, SLOW, REFUSE, DRAIN, END -> unwell.add(step.origin());
                case START, CONTINUE, WELL, ACCEPT -> unwell.remove(step.origin());
                case NAME -> named = step.origin();
            }
            int first = Math.max(named, 0);
            int end = named < 0 ? FaultScenario.ORIGINS : first + FaultScenario.NAMED;
            least = Math.min(least, (int) IntStream.range(first, end)
                    .filter(origin -> !unwell.contains(origin))
                    .count());
        }
        assertEquals(scenario.leavesOneWell(), least > 0, scenario.key());
    }

    @Test
    void hasAllPairsInWhichOneOriginFails() {
        List<FaultScenario> pairs = FaultScenario.pairsOf(FaultScenario.singles());
        assertEquals(15 + 2 * 6, pairs.size());
        assertEquals("killed+stopped", pairs.getFirst().key());
        assertEquals("flapping+dns", pairs.getLast().key());
        assertEquals(
                List.of("killed+restart", "killed+dns", "killed+slow", "restart+slow", "dns+slow"),
                FaultScenario.pairsOf(List.of(
                                FaultScenario.parse("killed"),
                                FaultScenario.parse("503+stopped"),
                                FaultScenario.parse("restart"),
                                FaultScenario.parse("all-503"),
                                FaultScenario.parse("dns"),
                                FaultScenario.parse("slow")))
                        .stream()
                        .map(FaultScenario::key)
                        .toList());
    }

    @Test
    void knowsWhoIsToBeLeftOut() {
        assertEquals(List.of(0, 2), FaultScenario.parse("killed+slow+503").toBeLeftOut());
        assertEquals(List.of(), FaultScenario.parse("restart").toBeLeftOut());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nope | there are the faults killed, stopped, 503, slow, refusing, flapping, all-refusing, all-503, restart, dns, and several"
                        + " of one origin with + between them, not 'nope'",
                "killed+ | there are the faults killed, stopped, 503, slow, refusing, flapping, all-refusing, all-503, restart, dns, and"
                        + " several of one origin with + between them, not ''",
                "killed+all-503 | all-503 is of all origins, and has no other beside it",
                "dns+restart | dns is of several origins, and has no other beside it but one of one origin",
                "killed+slow+restart | restart is of several origins, and has no other beside it but one of one origin",
                "killed+killed+killed+killed | 1 to 3 faults can be had at once, not 4",
            })
    void refusesWhatCannotBePlayed(String name, String expected) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> FaultScenario.parse(name));
        assertEquals(expected, refusal.getMessage());
    }
}
