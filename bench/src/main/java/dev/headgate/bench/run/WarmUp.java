package dev.headgate.bench.run;

import dev.headgate.bench.load.LoadPlan.ConnectionUse;
import dev.headgate.bench.scenario.LoadShape;
import dev.headgate.bench.scenario.Protection;
import dev.headgate.bench.scenario.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The loads of which everything is warmed up: one of each kind that a plan has, since each has code of its own that is compiled. */
final class WarmUp {
    private WarmUp() {}

    static List<LoadShape> of(List<Step> plan, int connections) {
        LoadShape usual = LoadShape.usual(connections);
        List<LoadShape> shapes = new ArrayList<>();
        if (plan.stream().anyMatch(step -> !step.protection().isTls())) shapes.add(usual);
        if (plan.stream().anyMatch(step -> step.protection().isTls())) shapes.add(usual.with(Protection.TLS_1_3));
        Set<Protection> kinds = EnumSet.noneOf(Protection.class);
        plan.stream()
                .filter(step -> step.protection().isTls())
                .flatMap(WarmUp::loads)
                .filter(shape -> shape.use() == ConnectionUse.PER_REQUEST)
                .filter(shape -> kinds.add(shape.protection()))
                .forEach(shapes::add);
        return shapes;
    }

    private static Stream<LoadShape> loads(Step step) {
        return step instanceof Step.Load load
                ? Stream.concat(Stream.of(load.shape()), load.beside().stream())
                : Stream.of();
    }
}
