package dev.headgate.bench.run;

import dev.headgate.bench.machine.Placement;
import dev.headgate.bench.target.DirectTarget;
import dev.headgate.bench.target.FoundProgram;
import dev.headgate.bench.target.HeadgateProgram;
import dev.headgate.bench.target.ProxyTarget;
import dev.headgate.bench.target.Recipes;
import dev.headgate.bench.target.Target;
import dev.headgate.bench.target.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who takes part.
 *
 * @param targets in the order in which they are measured and shown
 * @param missing what was asked for and is not installed, in words
 */
record Lineup(List<Target> targets, List<String> missing) {
    static final List<String> NAMES = List.of("direct", "headgate", "nginx", "haproxy");

    static Lineup of(Options options, HeadgateProgram headgate, Placement placement) {
        List<Target> targets = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        FoundProgram ours = headgate.asFound();
        for (String name : options.targets()) {
            switch (name) {
                case "direct" -> targets.add(new DirectTarget("the built-in origin itself"));
                case "headgate" -> {
                    targets.add(usual(options, headgate, ours, placement));
                    for (Variant variant : options.variants()) {
                        targets.add(changed(variant, options, headgate, ours, placement));
                    }
                }
                case "nginx" -> addPeer(targets, missing, name, "-v", options, placement);
                case "haproxy" -> addPeer(targets, missing, name, "-v", options, placement);
                default -> throw new IllegalStateException("no such target: " + name);
            }
        }
        return new Lineup(targets, missing);
    }

    private static Target usual(Options options, HeadgateProgram program, FoundProgram found, Placement placement) {
        String version = found.version()
                + (options.javaOptions().isEmpty() ? "" : ", with " + String.join(" ", options.javaOptions()));
        return new ProxyTarget(
                "headgate",
                version,
                options.loops(),
                placement.forProxy(options.loops()),
                Recipes.headgate(program, options.javaOptions(), Map.of()));
    }

    private static Target changed(
            Variant variant, Options options, HeadgateProgram program, FoundProgram found, Placement placement) {
        List<String> javaOptions = new ArrayList<>(options.javaOptions());
        javaOptions.addAll(variant.javaOptions());
        return new ProxyTarget(
                "headgate-" + variant.name(),
                found.version() + ", with " + variant.changes(),
                variant.loopsOr(options.loops()),
                placement.forProxy(variant.loopsOr(options.loops())),
                Recipes.headgate(program, javaOptions, variant.settings()));
    }

    private static void addPeer(
            List<Target> targets,
            List<String> missing,
            String name,
            String versionOption,
            Options options,
            Placement placement) {
        Optional<FoundProgram> found = FoundProgram.find(name, versionOption);
        if (found.isEmpty()) {
            missing.add(name + " is not installed, and is left out");
            return;
        }
        targets.add(new ProxyTarget(
                name,
                found.get().version(),
                options.loops(),
                placement.forProxy(options.loops()),
                name.equals("nginx") ? Recipes.nginx(found.get()) : Recipes.haproxy(found.get())));
    }
}
