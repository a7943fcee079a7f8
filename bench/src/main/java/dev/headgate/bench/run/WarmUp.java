package dev.headgate.bench.run;

import dev.headgate.bench.load.LoadPlan.ConnectionUse;
import dev.headgate.bench.scenario.LoadShape;
import dev.headgate.bench.scenario.Protection;
import dev.headgate.bench.scenario.Step;
import java.util.ArrayList;
import java.util.List;

/** The loads of which everything is warmed up: one of each kind that a plan has, since each has code of its own that is compiled. */
final class WarmUp {
    private WarmUp() {}

    static List<LoadShape> of(List<Step> plan, int connections) {
        LoadShape usual = LoadShape.usual(connections);
        List<LoadShape> shapes = new ArrayList<>();
        if (plan.stream().anyMatch(step -> !step.protection().isTls())) shapes.add(usual);
        if (plan.stream().anyMatch(step -> step.protection().isTls())) shapes.add(usual.with(Protection.TLS_1_3));
        plan.stream()
                .filter(step -> step.protection().isTls())
                .filter(step -> step instanceof Step.Load load && load.shape().use() == ConnectionUse.PER_REQUEST)
                .map(step -> ((Step.Load) step).shape())
                .forEach(shapes::add);
        return shapes;
    }
}
