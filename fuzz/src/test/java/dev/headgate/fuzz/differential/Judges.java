package dev.headgate.fuzz.differential;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * All judges that this machine has. Without the programs of others the tests that need them are skipped, and so are those that need them in
 * the versions of the quirk lists; unless the environment says {@code HEADGATE_JUDGES=required}: then what is missing is a failure.
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
        demand(missing.isEmpty(), isRequired(), "not installed, so nothing is compared: " + missing);
        var judges = new Judges();
        judges.all.add(new StrictJudge());
        for (var program : JudgeProgram.values()) {
            judges.all.add(JudgeProcess.start(program));
        }
        return judges;
    }

    /** Starts one program, of whose version the quirk lists have to speak: others have other quirks. */
    static Judge startDescribed(JudgeProgram program) {
        demand(program.isInstalled(), isRequired(), "not installed, so nothing is compared: " + program.command());
        demand(
                program.isDescribed(),
                isRequired(),
                "the quirk lists were written for another version, so nothing is compared: " + program.version());
        return JudgeProcess.start(program);
    }

    private static boolean isRequired() {
        return "required".equals(System.getenv("HEADGATE_JUDGES"));
    }

    /** What is not there is told as the reason of a skipped test, or of a failed one where nothing may be skipped. */
    static void demand(boolean isThere, boolean isRequired, String reason) {
        if (!isThere && isRequired) {
            throw new AssertionError(reason);
        }
        Assumptions.assumeTrue(isThere, reason);
    }

    /** The strict parser first, then the programs of others. */
    List<Judge> all() {
        return all;
    }

    /** The programs of others. */
    List<Judge> others() {
        return all.subList(1, all.size());
    }

    @Override
    public void close() {
        all.forEach(Judge::close);
    }
}
