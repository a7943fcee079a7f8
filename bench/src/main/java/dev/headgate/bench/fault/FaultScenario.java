package dev.headgate.bench.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One fault, or several at once, each of another origin.
 *
 * @param faults that are there at the same time: of one origin each, the next one for the next; or one that is of several or all, beside which
 *     one origin may have its own
 */
public record FaultScenario(List<Fault> faults) {
    /** So many origins there are. */
    public static final int ORIGINS = 4;

    /** So many at a time have the name, in the scenario in which they have one. */
    public static final int NAMED = ORIGINS / 2;

    /** So many may be unwell at once, each in its own way. */
    private static final int FAULTS_MAX = ORIGINS - 1;

    private static final String PLUS = "+";

    public FaultScenario {
        faults = List.copyOf(faults);
        if (faults.isEmpty() || faults.size() > FAULTS_MAX) {
            throw new IllegalArgumentException(
                    "1 to " + FAULTS_MAX + " faults can be had at once, not " + faults.size());
        }
        for (Fault fault : faults) check(fault, faults);
    }

    private static void check(Fault fault, List<Fault> faults) {
        if (fault.isOfOne() || faults.size() == 1) return;
        if (!fault.isOfSeveral()) {
            throw new IllegalArgumentException(fault.key() + " is of all origins, and has no other beside it");
        }
        if (faults.size() > 2 || faults.stream().noneMatch(Fault::isOfOne)) {
            throw new IllegalArgumentException(
                    fault.key() + " is of several origins, and has no other beside it but one of one origin");
        }
    }

    /**
     * The scenario of that name: of one fault, or of several with plus signs between.
     *
     * @throws IllegalArgumentException when there is none such, with what is wrong
     */
    public static FaultScenario parse(String name) {
        List<Fault> faults = new ArrayList<>();
        for (String key : name.split("\\" + PLUS, -1)) {
            faults.add(Fault.of(key)
                    .orElseThrow(() -> new IllegalArgumentException("there are the faults "
                            + Arrays.stream(Fault.values()).map(Fault::key).collect(Collectors.joining(", "))
                            + ", and several of one origin with + between them, not '" + key + "'")));
        }
        return new FaultScenario(faults);
    }

    /** Each fault alone. */
    public static List<FaultScenario> singles() {
        return Arrays.stream(Fault.values())
                .map(fault -> new FaultScenario(List.of(fault)))
                .toList();
    }

    /** All pairs of different faults that are in {@code scenarios} alone, and can be had in pairs. */
    public static List<FaultScenario> pairsOf(List<FaultScenario> scenarios) {
        List<Fault> alone = scenarios.stream()
                .filter(scenario -> scenario.faults.size() == 1)
                .map(scenario -> scenario.faults.getFirst())
                .filter(fault -> fault.isOfOne() || fault.isOfSeveral())
                .toList();
        List<FaultScenario> pairs = new ArrayList<>();
        for (int i = 0; i < alone.size(); i++) {
            Fault first = alone.get(i);
            for (Fault second : alone.subList(i + 1, alone.size())) {
                if (first.isOfOne() || second.isOfOne()) pairs.add(new FaultScenario(List.of(first, second)));
            }
        }
        return pairs;
    }

    /** Its name in options and tables. */
    public String key() {
        return faults.stream().map(Fault::key).collect(Collectors.joining(PLUS));
    }

    /** What it is, for people. */
    public String words() {
        return faults.stream().map(Fault::words).collect(Collectors.joining("; "));
    }

    /** What is done, in order; at the same time, what takes long comes last. */
    public List<FaultStep> steps(FaultTimes times) {
        List<FaultStep> steps = new ArrayList<>();
        List<Fault> ofOne = ofOne();
        for (int i = 0; i < ofOne.size(); i++) {
            steps.addAll(ofOne.get(i).steps(firstOfOne() + i, timesOfOne(times)));
        }
        for (Fault wide : faults) {
            if (wide.isOfOne()) continue;
            for (int origin = 0; origin < ORIGINS; origin++) {
                if (isFree(origin, wide)) steps.addAll(wide.steps(origin, times));
            }
        }
        steps.sort(Comparator.comparing(FaultStep::at).thenComparing(FaultScenario::rank));
        return steps;
    }

    private List<Fault> ofOne() {
        return faults.stream().filter(Fault::isOfOne).toList();
    }

    /** Where faults of one origin begin: with those that get the name, if there is one. */
    private int firstOfOne() {
        return isByName() ? NAMED : 0;
    }

    /** An origin that fails while the others are restarted does so until they all are. */
    private FaultTimes timesOfOne(FaultTimes times) {
        if (!faults.contains(Fault.RESTART)) return times;
        return times.holding(FaultTimes.RESTART_PACE.multipliedBy(ORIGINS));
    }

    /** Nobody restarts an origin that has a fault of its own. */
    private boolean isFree(int origin, Fault wide) {
        return wide != Fault.RESTART || origin >= ofOne().size();
    }

    private static int rank(FaultStep step) {
        return switch (step.act()) {
            case KILL, STOP, CONTINUE, FAIL, SLOW, WELL, REFUSE, ACCEPT, DRAIN, END -> 0;
            case START -> 1;
            case NAME -> 2;
        };
    }

    /** Whether proxies know the origins by a name, rather than by their addresses. */
    public boolean isByName() {
        return faults.contains(Fault.DNS);
    }

    /** So many origins share the requests while all is well. */
    public int sharers() {
        return isByName() ? NAMED : ORIGINS;
    }

    /** From the beginning of what is measured to the end. */
    public Duration duration(FaultTimes times) {
        return steps(times).getLast().at().plus(times.after());
    }

    /** Whether one origin at least is well all the time. */
    public boolean leavesOneWell() {
        return faults.stream().allMatch(Fault::leavesOneWell);
    }

    /** Origins that are to get no requests while it lasts; none where that cannot be said. */
    public List<Integer> toBeLeftOut() {
        List<Integer> origins = new ArrayList<>();
        if (isByName()) IntStream.range(0, NAMED).forEach(origins::add);
        List<Fault> ofOne = ofOne();
        for (int i = 0; i < ofOne.size(); i++) {
            if (ofOne.get(i).isToBeLeftOut()) origins.add(firstOfOne() + i);
        }
        return origins;
    }

    /** Origins whose requests all have to get through again in the end. */
    public List<Integer> touched() {
        if (isByName()) return IntStream.range(0, NAMED).boxed().toList();
        int count = ofOne().size() == faults.size() ? faults.size() : ORIGINS;
        return IntStream.range(0, count).boxed().toList();
    }

    /** Whether one of the origins takes requests that it does not count, and does not answer. */
    public boolean hasSilence() {
        return faults.contains(Fault.STOPPED);
    }
}
