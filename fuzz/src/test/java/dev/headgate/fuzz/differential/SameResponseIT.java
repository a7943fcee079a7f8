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

/** The same responses for Headgate, nginx, HAProxy and Node: whoever reads them otherwise is in the quirk list. */
class SameResponseIT {
    private static final List<Vector> CORPUS = Vector.of("responses.txt");
    private static final QuirkList QUIRKS = QuirkList.of("response-quirks.txt");

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void headgateReadsTheCorpusAsItSays() {
        try (var proxy = Proxy.start(new Ear(Bodies.UNTOUCHED))) {
            for (var vector : CORPUS) {
                var one = ResponseCase.of(vector);
                var heard = HeardResponse.of(proxy, one.asked().last(), one.wire(), one.end());
                assertEquals(vector.outcome(), heard.summary(), vector.name());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void othersReadTheCorpusAsTheQuirkListSays(JudgeProgram program) {
        try (var judge = Judges.startDescribed(program)) {
            var cases = CORPUS.stream().map(ResponseCase::of).toList();
            QUIRKS.assertExactly(Comparison.ofResponses(cases, judge), judge);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 12, unit = TimeUnit.HOURS) // For the long mode; the default number takes seconds.
    void othersReadGeneratedResponsesAsTheQuirkListSays(JudgeProgram program) {
        for (var batch : Batches.of(ResponseCase::twisted)) {
            try (var judge = Judges.startDescribed(program)) {
                Comparison.ofResponses(batch, judge).stream()
                        .filter(difference -> !QUIRKS.explains(difference))
                        .findFirst()
                        .ifPresent(unknown -> {
                            throw new AssertionError(Batches.replay(SameResponseIT.class) + unknown);
                        });
            }
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void everyTwistHasAVector() {
        var missing = new TreeSet<String>();
        for (var twist : ResponseTwist.values()) {
            missing.add(twist.vector());
        }
        missing.removeAll(CORPUS.stream().map(Vector::name).collect(Collectors.toSet()));
        assertEquals(List.of(), List.copyOf(missing));
    }
}
