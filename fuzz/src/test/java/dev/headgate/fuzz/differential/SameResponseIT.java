package dev.headgate.fuzz.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.filter.Filter.Bodies;
import dev.headgate.fuzz.differential.HeardResponse.OriginEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same responses for Headgate, nginx, HAProxy and Node: whoever reads them otherwise is in the quirk list. */
class SameResponseIT {
    private static final List<Vector> CORPUS = Vector.of("responses.txt");

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void headgateReadsTheCorpusAsItSays() {
        try (var proxy = Proxy.start(new Ear(Bodies.UNTOUCHED))) {
            for (var vector : CORPUS) {
                assertEquals(vector.outcome(), read(proxy, vector).summary(), vector.name());
            }
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void othersReadTheCorpusAsTheQuirkListSays() {
        var differences = new ArrayList<Difference>();
        try (var judges = Judges.start();
                var proxy = Proxy.start(new Ear(Bodies.UNTOUCHED))) {
            var described = judges.described();
            for (var vector : CORPUS) {
                var ours = read(proxy, vector);
                for (var judge : described) {
                    var theirs = read(judge, vector);
                    var relation = Relation.of(ours, theirs, judge);
                    if (relation != Relation.SAME) {
                        differences.add(new Difference(
                                Case.of(vector), judge.name(), relation, ours.toString(), theirs.toString()));
                    }
                }
            }
            QuirkList.of("response-quirks.txt").assertExactly(differences, described);
        }
    }

    private static HeardResponse read(Judge judge, Vector vector) {
        var one = ResponseCase.of(vector);
        return HeardResponse.of(judge, one.asked().last(), one.wire(), OriginEnd.CLOSED);
    }
}
