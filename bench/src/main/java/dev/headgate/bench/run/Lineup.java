package dev.headgate.bench.run;

import dev.headgate.bench.machine.CpuList;
import dev.headgate.bench.machine.Placement;
import dev.headgate.bench.target.DirectTarget;
import dev.headgate.bench.target.FoundProgram;
import dev.headgate.bench.target.HeadgateProgram;
import dev.headgate.bench.target.ProxyTarget;
import dev.headgate.bench.target.Recipes;
import dev.headgate.bench.target.Target;
import dev.headgate.bench.target.Variant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who takes part.
 *
 * @param targets in the order in which they are measured and shown
 * @param notes who was asked for and cannot take part, and who is not to be compared with the others, in words
 */
record Lineup(List<Target> targets, List<String> notes) {
    private static final String OURS = "headgate";

    static Lineup of(Options options, HeadgateProgram headgate, Placement placement) throws InterruptedException {
        List<Target> targets = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (String name : options.targets()) {
            try {
                targets.addAll(targets(name, options, headgate, placement));
            } catch (IOException e) {
                notes.add(e.getMessage() + ", and is left out");
            }
        }
        if (!placement.isApart(options.loops())) {
            notes.add("proxies share processors with origin and load: " + placement.describe(options.loops()));
        }
        if (targets.stream().anyMatch(target -> target.name().startsWith(OURS))) {
            for (Variant variant : options.variants()) noteSharing(variant, options, placement, notes);
        }
        return new Lineup(targets, notes);
    }

    private static void noteSharing(Variant variant, Options options, Placement placement, List<String> notes) {
        int loops = variant.loopsOr(options.loops());
        List<Integer> shared = placement.sharedWithLoad(loops, options.loops());
        if (shared.isEmpty()) return;
        notes.add(OURS + "-" + variant.name() + " has " + loops + " loops instead of " + options.loops()
                + ", and shares " + (shared.size() == 1 ? "processor " : "processors ") + CpuList.format(shared)
                + " with origin and load: it is not to be compared with the others");
    }

    /** The targets of that name, which are several where there are variants. */
    private static List<Target> targets(String name, Options options, HeadgateProgram headgate, Placement placement)
            throws IOException, InterruptedException {
        return switch (name) {
            case "direct" -> List.of(new DirectTarget("the built-in origin itself"));
            case "headgate" -> ours(options, headgate, placement);
            case "nginx", "haproxy", "h2o" -> List.of(peer(name, options, placement));
            default -> throw new IllegalStateException("no such target: " + name);
        };
    }

    private static List<Target> ours(Options options, HeadgateProgram headgate, Placement placement)
            throws IOException, InterruptedException {
        FoundProgram found = headgate.asFound();
        List<Target> targets = new ArrayList<>();
        targets.add(usual(options, headgate, found, placement));
        for (Variant variant : options.variants()) targets.add(changed(variant, options, headgate, found, placement));
        return targets;
    }

    private static Target usual(Options options, HeadgateProgram program, FoundProgram found, Placement placement) {
        String version = found.version()
                + (options.javaOptions().isEmpty() ? "" : ", with " + String.join(" ", options.javaOptions()));
        return new ProxyTarget(
                OURS,
                version,
                options.loops(),
                placement.forProxy(options.loops()),
                Recipes.headgate(program, options.javaOptions(), Map.of(), Optional.empty()));
    }

    private static Target changed(
            Variant variant, Options options, HeadgateProgram program, FoundProgram found, Placement placement) {
        List<String> javaOptions = new ArrayList<>(options.javaOptions());
        javaOptions.addAll(variant.javaOptions());
        return new ProxyTarget(
                OURS + "-" + variant.name(),
                found.version() + ", with " + variant.changes(),
                variant.loopsOr(options.loops()),
                placement.forProxy(variant.loopsOr(options.loops())),
                Recipes.headgate(program, javaOptions, variant.settings(), variant.tlsProvider()));
    }

    private static Target peer(String name, Options options, Placement placement)
            throws IOException, InterruptedException {
        FoundProgram found = FoundProgram.find(name, "-v");
        return new ProxyTarget(
                name, found.version(), options.loops(), placement.forProxy(options.loops()), recipe(name, found));
    }

    private static ProxyTarget.Recipe recipe(String name, FoundProgram found) throws IOException, InterruptedException {
        return switch (name) {
            case "nginx" -> Recipes.nginx(found);
            case "haproxy" -> Recipes.haproxy(found);
            case "h2o" -> Recipes.h2o(found);
            default -> throw new IllegalStateException("no such target: " + name);
        };
    }
}
