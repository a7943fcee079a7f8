package dev.headgate.fuzz.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.filter.Filter.Bodies;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same requests for Headgate, nginx, HAProxy and Node: whoever reads them otherwise is in the quirk list. */
class SameRequestIT {
    private static final List<Vector> CORPUS = Vector.of("requests.txt");
    private static final QuirkList QUIRKS = QuirkList.of("request-quirks.txt");

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void headgateReadsTheCorpusAsItSays() {
        try (var proxy = Proxy.start(new Ear(Bodies.UNTOUCHED))) {
            for (var vector : CORPUS) {
                assertEquals(
                        vector.outcome(), Reading.withNext(proxy, vector.wire()).summary(), vector.name());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void othersReadTheCorpusAsTheQuirkListSays(JudgeProgram program) {
        try (var judge = Judges.startDescribed(program)) {
            QUIRKS.assertExactly(Comparison.of(CORPUS.stream().map(Case::of).toList(), judge), judge);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 12, unit = TimeUnit.HOURS) // For the long mode; the default number takes seconds.
    void othersReadGeneratedRequestsAsTheQuirkListSays(JudgeProgram program) {
        for (var batch : Batches.of(Case::generated)) {
            try (var judge = Judges.startDescribed(program)) {
                Comparison.of(batch, judge).stream()
                        .filter(difference -> !QUIRKS.explains(difference))
                        .findFirst()
                        .ifPresent(unknown -> {
                            throw new AssertionError(Batches.replay(SameRequestIT.class) + unknown);
                        });
            }
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void everyKnownRefusalIsInTheQuirkList() {
        for (var refusal : KnownRefusal.values()) {
            for (String judge : refusal.judges()) {
                assertEquals(true, QUIRKS.has(Difference.name(refusal.vector(), judge, Relation.STRICTER)), judge);
            }
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void everyTwistHasAVector() {
        var missing = new TreeSet<String>();
        for (var twist : RequestTwist.values()) {
            missing.add(twist.vector());
        }
        missing.removeAll(CORPUS.stream().map(Vector::name).collect(Collectors.toSet()));
        assertEquals(List.of(), List.copyOf(missing));
    }
}
