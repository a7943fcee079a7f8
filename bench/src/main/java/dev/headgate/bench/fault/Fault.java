package dev.headgate.bench.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What may be wrong with origins. */
public enum Fault {
    /** One is killed, and started again. */
    KILLED("killed", "one is killed (kill -9), and later started again") {
        @Override
        List<FaultStep> steps(int origin, FaultTimes times) {
            return onAndOff(origin, times, Act.KILL, Act.START);
        }
    },
    /** One is stopped. */
    STOPPED("stopped", "one is stopped (SIGSTOP): connections are taken, and nothing is answered") {
        @Override
        List<FaultStep> steps(int origin, FaultTimes times) {
            return onAndOff(origin, times, Act.STOP, Act.CONTINUE);
        }
    },
    /** One answers 503. */
    FAILING("503", "one answers 503 to everything, checks included") {
        @Override
        List<FaultStep> steps(int origin, FaultTimes times) {
            return onAndOff(origin, times, Act.FAIL, Act.WELL);
        }
    },
    /** One is slow. */
    SLOW("slow", "one takes 200 ms longer for everything") {
        @Override
        List<FaultStep> steps(int origin, FaultTimes times) {
            return onAndOff(origin, times, Act.SLOW, Act.WELL);
        }
    },
    /** One refuses connections. */
    REFUSING("refusing", "one breaks its connections, and refuses new ones") {
        @Override
        List<FaultStep> steps(int origin, FaultTimes times) {
            return onAndOff(origin, times, Act.REFUSE, Act.ACCEPT);
        }
    },
    /** One comes and goes. */
    FLAPPING("flapping", "one is refusing for a second and well for a second, in turn") {
        @Override
        List<FaultStep> steps(int origin, FaultTimes times) {
            List<FaultStep> steps = new ArrayList<>();
            Duration end = times.before().plus(times.hold());
            Duration at = times.before();
            for (Act act = Act.REFUSE; at.compareTo(end) < 0; at = at.plus(FaultTimes.FLAP)) {
                steps.add(new FaultStep(at, origin, act));
                act = act == Act.REFUSE ? Act.ACCEPT : Act.REFUSE;
            }
            // It has to end well, whatever the time is.
            if (steps.getLast().act() == Act.REFUSE) steps.add(new FaultStep(at, origin, Act.ACCEPT));
            return steps;
        }
    },
    /** All refuse connections. */
    ALL_REFUSING("all-refusing", "all break their connections, and refuse new ones") {
        @Override
        List<FaultStep> steps(int origin, FaultTimes times) {
            return onAndOff(origin, times, Act.REFUSE, Act.ACCEPT);
        }
    },
    /** All answer 503. */
    ALL_FAILING("all-503", "all answer 503 to everything, checks included") {
        @Override
        List<FaultStep> steps(int origin, FaultTimes times) {
            return onAndOff(origin, times, Act.FAIL, Act.WELL);
        }
    },
    /** All are restarted, one after another, in good order. */
    RESTART("restart", "one after another says so by its checks, ends in good order, and is started again") {
        @Override
        List<FaultStep> steps(int origin, FaultTimes times) {
            Duration turn = times.before().plus(FaultTimes.RESTART_PACE.multipliedBy(origin));
            Duration end = turn.plus(FaultTimes.DRAIN_LEAD);
            return List.of(
                    new FaultStep(turn, origin, Act.DRAIN),
                    new FaultStep(end, origin, Act.END),
                    new FaultStep(end, origin, Act.START));
        }
    },
    /** The name of some leads to others. */
    DNS(
            "dns",
            "the name of two leads to two others instead; the two end when half of the time is over, and in the end have it again") {
        @Override
        List<FaultStep> steps(int origin, FaultTimes times) {
            if (origin == FaultScenario.NAMED) return List.of(new FaultStep(times.before(), origin, Act.NAME));
            if (origin > FaultScenario.NAMED) return List.of();
            Duration end = times.before().plus(times.hold().dividedBy(2));
            Duration off = times.before().plus(times.hold());
            List<FaultStep> steps = new ArrayList<>();
            steps.add(new FaultStep(end, origin, Act.END));
            steps.add(new FaultStep(off, origin, Act.START));
            if (origin == 0) steps.add(new FaultStep(off, origin, Act.NAME));
            return steps;
        }
    };

    private final String key;
    private final String words;

    Fault(String key, String words) {
        this.key = key;
        this.words = words;
    }

    /** What is done to one origin, in order. */
    abstract List<FaultStep> steps(int origin, FaultTimes times);

    private static List<FaultStep> onAndOff(int origin, FaultTimes times, Act on, Act off) {
        return List.of(
                new FaultStep(times.before(), origin, on),
                new FaultStep(times.before().plus(times.hold()), origin, off));
    }

    /** The fault of that name. */
    public static Optional<Fault> of(String key) {
        return Arrays.stream(values()).filter(fault -> fault.key.equals(key)).findFirst();
    }

    /** Its name in options and tables. */
    public String key() {
        return key;
    }

    /** What it is, for people. */
    public String words() {
        return words;
    }

    /** Whether it is of one origin alone, so that another one may have another fault. */
    public boolean isOfOne() {
        return switch (this) {
            case KILLED, STOPPED, FAILING, SLOW, REFUSING, FLAPPING -> true;
            case ALL_REFUSING, ALL_FAILING, RESTART, DNS -> false;
        };
    }

    /** Whether it concerns several origins in turn, so that there is room for one that has a fault of its own. */
    public boolean isOfSeveral() {
        return switch (this) {
            case RESTART, DNS -> true;
            case KILLED, STOPPED, FAILING, SLOW, REFUSING, FLAPPING, ALL_REFUSING, ALL_FAILING -> false;
        };
    }

    /** Whether one origin at least is well all the time. */
    public boolean leavesOneWell() {
        return switch (this) {
            case ALL_REFUSING, ALL_FAILING -> false;
            case KILLED, STOPPED, FAILING, SLOW, REFUSING, FLAPPING, RESTART, DNS -> true;
        };
    }

    /** Whether an origin that has it is to get no requests, all the time and from soon on. */
    public boolean isToBeLeftOut() {
        return switch (this) {
            case KILLED, STOPPED, FAILING, REFUSING -> true;
            case SLOW, FLAPPING, ALL_REFUSING, ALL_FAILING, RESTART, DNS -> false;
        };
    }
}
