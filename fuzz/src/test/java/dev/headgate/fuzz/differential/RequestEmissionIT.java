package dev.headgate.fuzz.differential;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * No ambiguous byte leaves the proxy towards origins: nginx, HAProxy, Node and our own strict parser read all that it emits
 * on a connection as it was understood, to the last byte and with the same boundaries.
 */
class RequestEmissionIT {
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void everyJudgeReadsWhatComesOfTheCorpusAsItWasUnderstood() {
        try (var judges = Judges.start()) {
            check(Vector.of("requests.txt").stream().map(Case::of).toList(), judges, "");
        }
    }

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS) // For the long mode; the default number takes seconds.
    void everyJudgeReadsWhatComesOfGeneratedRequestsAsItWasUnderstood() {
        for (var batch : Batches.of(seed -> seed % 2 == 0 ? Case.generated(seed) : Case.damaged(seed))) {
            try (var judges = Judges.start()) {
                check(batch, judges, "among " + batch.getFirst() + " to " + batch.getLast() + ": ");
            }
        }
    }

    /** Content of a length and chunked content, cut off anywhere behind whole requests: they are heard, and it is not. */
    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS) // For the long mode; the default number takes seconds.
    void noJudgeTakesWhatIsCutOffForWhole() {
        for (var batch : Batches.of(Case::cut)) {
            try (var judges = Judges.start()) {
                var emissions = check(batch, judges, "among " + batch.getFirst() + " to " + batch.getLast() + ": ");
                long cut = emissions.stream()
                        .filter(emission -> !emission.isWhole())
                        .count();
                // Each case goes through two proxies, and some are cut before the head is forwarded.
                assertTrue(cut >= batch.size(), () -> cut + " emissions of " + batch.size() + " cases are cut off");
            }
        }
    }

    private static List<Emission> check(List<Case> cases, Judges judges, String where) {
        var emissions = Emission.of(cases.stream().map(Case::wire).toList());
        for (var emission : emissions) {
            for (var judge : judges.all()) {
                new EmissionCheck(judge, emission, where).run();
            }
        }
        return emissions;
    }
}
