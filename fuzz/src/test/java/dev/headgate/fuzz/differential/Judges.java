package dev.headgate.fuzz.differential;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * All judges that this machine has. Without the programs of others the tests that need them are skipped, unless the
 * environment says {@code HEADGATE_JUDGES=required}: then a missing one is a failure.
 */
final class Judges implements AutoCloseable {
    private final List<Judge> all = new ArrayList<>();

    private Judges() {}

    /** Starts our own strict parser and the programs of others. */
    static Judges start() {
        var missing = Arrays.stream(JudgeProgram.values())
                .filter(program -> !program.isInstalled())
                .map(JudgeProgram::command)
                .toList();
        if ("required".equals(System.getenv("HEADGATE_JUDGES")) && !missing.isEmpty()) {
            throw new AssertionError("not installed: " + missing);
        }
        Assumptions.assumeTrue(missing.isEmpty(), () -> "not installed, so nothing is compared: " + missing);
        var judges = new Judges();
        judges.all.add(new StrictJudge());
        for (var program : JudgeProgram.values()) {
            judges.all.add(JudgeProcess.start(program));
        }
        return judges;
    }

    /** The strict parser first, then the programs of others. */
    List<Judge> all() {
        return all;
    }

    /** The programs of others. */
    List<Judge> others() {
        return all.subList(1, all.size());
    }

    /** The programs of others of which the quirk lists speak: in the versions that they were written for. */
    List<Judge> described() {
        return others().stream().filter(Judge::isDescribed).toList();
    }

    @Override
    public void close() {
        all.forEach(Judge::close);
    }
}
