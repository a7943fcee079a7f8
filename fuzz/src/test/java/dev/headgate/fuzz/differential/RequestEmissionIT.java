package dev.headgate.fuzz.differential;

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

    private static void check(List<Case> cases, Judges judges, String where) {
        var emissions = Emission.of(cases.stream().map(Case::wire).toList());
        for (var emission : emissions) {
            for (var judge : judges.all()) {
                new EmissionCheck(judge, emission, where).run();
            }
        }
    }
}
