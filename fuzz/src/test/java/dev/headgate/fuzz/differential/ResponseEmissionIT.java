package dev.headgate.fuzz.differential;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * No ambiguous byte leaves the proxy towards clients: nginx, HAProxy, Node and our own strict parser, as clients, read each
 * response that it emits as it was understood, and find the next one where it begins.
 */
class ResponseEmissionIT {
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void everyJudgeReadsWhatComesOfTheCorpusAsItWasUnderstood() {
        try (var judges = Judges.start()) {
            check(Vector.of("responses.txt").stream().map(ResponseCase::of).toList(), judges);
        }
    }

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS) // For the long mode; the default number takes seconds.
    void everyJudgeReadsWhatComesOfGeneratedResponsesAsItWasUnderstood() {
        for (var batch :
                Batches.of(seed -> seed % 2 == 0 ? ResponseCase.generated(seed) : ResponseCase.damaged(seed))) {
            try (var judges = Judges.start()) {
                check(batch, judges);
            }
        }
    }

    /** Content of a length, chunked content, and content that the end of the connection ends: none passes for whole. */
    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS) // For the long mode; the default number takes seconds.
    void noJudgeTakesWhatIsCutOffForWhole() {
        for (var batch : Batches.of(ResponseCase::cut)) {
            try (var judges = Judges.start()) {
                var emissions = ResponseEmission.of(batch);
                for (var emission : emissions) {
                    judges.others().forEach(emission::check);
                }
                long broken =
                        emissions.stream().filter(ResponseEmission::isBroken).count();
                assertTrue(
                        2 * broken >= emissions.size(),
                        () -> broken + " of " + emissions.size() + " are cut off visibly");
            }
        }
    }

    private static void check(List<ResponseCase> cases, Judges judges) {
        for (var emission : ResponseEmission.of(cases)) {
            judges.others().forEach(emission::check);
        }
    }
}
