package dev.headgate.bench.result;

import dev.headgate.bench.machine.MachineFacts.Fact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What was measured with what.
 *
 * @param startedAt when
 * @param command as it was given
 * @param facts of the machine, the programs and the way in which it was measured
 * @param targets those that took part, in the order of tables
 * @param notes what a reader must know: targets that were left out, limits that were met
 */
public record Setup(Instant startedAt, String command, List<Fact> facts, List<TargetInfo> targets, List<String> notes) {
    /** The same with more to know. */
    public Setup withNotes(List<String> more) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(more);
        return new Setup(startedAt, command, facts, targets, all);
    }

    public Setup {
        facts = List.copyOf(facts);
        targets = List.copyOf(targets);
        notes = List.copyOf(notes);
    }
}
