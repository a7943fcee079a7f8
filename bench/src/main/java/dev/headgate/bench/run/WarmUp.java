package dev.headgate.bench.run;

import dev.headgate.bench.load.LoadPlan.ConnectionUse;
import dev.headgate.bench.scenario.Ability;
import dev.headgate.bench.scenario.LoadShape;
import dev.headgate.bench.scenario.Protection;
import dev.headgate.bench.scenario.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The loads of which everything is warmed up: one of each kind that a plan has, since each has code of its own that is compiled. */
final class WarmUp {
    private WarmUp() {}

    static List<LoadShape> of(List<Step> plan, int connections) {
        LoadShape usual = LoadShape.usual(connections);
        List<LoadShape> shapes = new ArrayList<>();
        Predicate<Step> isTls = step -> step.protection().isTls();
        Predicate<Step> isHttp2 = step -> step.needs().contains(Ability.HTTP_2);
        if (plan.stream().anyMatch(isHttp2.or(isTls).negate())) shapes.add(usual);
        if (plan.stream().anyMatch(isTls.and(isHttp2.negate()))) shapes.add(usual.with(Protection.TLS_1_3));
        plan.stream().filter(isHttp2).map(WarmUp::ofHttp2).distinct().forEach(shapes::add);
        Set<Protection> kinds = EnumSet.noneOf(Protection.class);
        plan.stream()
                .filter(step -> step.protection().isTls())
                .flatMap(WarmUp::loads)
                .filter(shape -> shape.use() == ConnectionUse.PER_REQUEST)
                .filter(shape -> kinds.add(shape.protection()))
                .forEach(shapes::add);
        return shapes;
    }

    private static LoadShape ofHttp2(Step step) {
        return switch (step) {
            case Step.Load load -> LoadShape.usualHttp2().like(load.shape());
            case Step.Idle idle -> idle.warmUp();
        };
    }

    private static Stream<LoadShape> loads(Step step) {
        return step instanceof Step.Load load
                ? Stream.concat(Stream.of(load.shape()), load.beside().stream())
                : Stream.of();
    }
}
