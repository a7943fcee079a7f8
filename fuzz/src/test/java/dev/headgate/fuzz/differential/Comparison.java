package dev.headgate.fuzz.differential;

import dev.headgate.filter.Filter.Bodies;
import java.util.ArrayList;
import java.util.List;

/** The same bytes for the proxy and for the programs of others. */
final class Comparison {
    private Comparison() {}

    /** Every reading that is not the proxy's. */
    static List<Difference> of(List<Case> cases, List<Judge> judges) {
        var differences = new ArrayList<Difference>();
        try (var proxy = Proxy.start(new Ear(Bodies.UNTOUCHED))) {
            for (var one : cases) {
                var ours = Reading.withNext(proxy, one.wire());
                for (var judge : judges) {
                    var theirs = Reading.withNext(judge, one.wire());
                    var relation = Relation.of(ours, theirs);
                    if (relation != Relation.SAME) {
                        differences.add(
                                new Difference(one, judge.name(), relation, ours.toString(), theirs.toString()));
                    }
                }
            }
        }
        return differences;
    }
}
