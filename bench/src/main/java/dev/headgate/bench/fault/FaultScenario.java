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
 * @param faults that are there at the same time; the n-th is of the n-th origin, or of all
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
        if (faults.size() > 1) {
            for (Fault fault : faults) {
                if (!fault.isOfOne()) {
                    throw new IllegalArgumentException(fault.key() + " is of all origins, and has no other beside it");
                }
            }
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
                .filter(Fault::isOfOne)
                .toList();
        List<FaultScenario> pairs = new ArrayList<>();
        for (int i = 0; i < alone.size(); i++) {
            for (Fault second : alone.subList(i + 1, alone.size())) {
                pairs.add(new FaultScenario(List.of(alone.get(i), second)));
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
        for (int origin = 0; origin < ORIGINS; origin++) {
            if (origin < faults.size() || !isOfOne()) {
                steps.addAll(faults.get(isOfOne() ? origin : 0).steps(origin, times));
            }
        }
        steps.sort(Comparator.comparing(FaultStep::at).thenComparing(FaultScenario::rank));
        return steps;
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

    private boolean isOfOne() {
        return faults.getFirst().isOfOne();
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
        if (isByName()) return IntStream.range(0, NAMED).boxed().toList();
        return IntStream.range(0, faults.size())
                .filter(origin -> faults.get(origin).isToBeLeftOut())
                .boxed()
                .toList();
    }

    /** Origins whose requests all have to get through again in the end. */
    public List<Integer> touched() {
        int count = isOfOne() ? faults.size() : ORIGINS;
        return IntStream.range(0, isByName() ? NAMED : count).boxed().toList();
    }

    /** Whether one of the origins takes requests that it does not count, and does not answer. */
    public boolean hasSilence() {
        return faults.contains(Fault.STOPPED);
    }
}
