package dev.headgate.fuzz.differential;

import dev.headgate.filter.Filter.Bodies;
import dev.headgate.testkit.Wire;
import java.util.ArrayList;
import java.util.List;

/** The same bytes for the proxy and for a program of somebody else's. */
final class Comparison {
    private Comparison() {}

    /** Every reading that is not the proxy's. */
    static List<Difference> of(List<Case> cases, Judge judge) {
        var differences = new ArrayList<Difference>();
        try (var proxy = Proxy.start(new Ear(Bodies.UNTOUCHED))) {
            for (var one : cases) {
                var ours = Reading.withNext(proxy, one.wire());
                var theirs = Reading.withNext(judge, one.wire());
                var relation = Relation.of(ours, theirs);
                if (relation != Relation.SAME) {
                    differences.add(new Difference(
                            one.name(), one.twists(), judge.name(), relation, ours.toString(), theirs.toString()));
                }
            }
        }
        return differences;
    }

    /** The same for responses of an origin that ends the connection behind them. */
    static List<Difference> ofResponses(List<ResponseCase> cases, Judge judge) {
        var differences = new ArrayList<Difference>();
        try (var proxy = Proxy.start(new Ear(Bodies.UNTOUCHED))) {
            for (var one : cases) {
                var ours = HeardResponse.of(proxy, one.asked().last(), one.wire(), one.end());
                if (!one.isVector() && KnownMisreading.concerns(judge, ours)) {
                    continue; // It misreads what is valid: there is no twist that could be its reason.
                }
                var theirs = HeardResponse.of(judge, one.asked().last(), one.wire(), one.end());
                var relation = Relation.of(ours, theirs, judge);
                if (relation != Relation.SAME) {
                    differences.add(new Difference(
                            one.name(),
                            one.twists(),
                            judge.name(),
                            relation,
                            ours + " of \"" + Wire.script(one.wire()) + "\"",
                            theirs.toString()));
                }
            }
        }
        return differences;
    }
}
