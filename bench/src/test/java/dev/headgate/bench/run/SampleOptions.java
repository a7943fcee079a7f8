package dev.headgate.bench.run;

import dev.headgate.bench.scenario.Scenario;
import dev.headgate.bench.target.Variant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Options as tests want them. */
final class SampleOptions {
    private SampleOptions() {}

    /** All scenarios, one round of a second; {@code words} name targets and variants, the only ones known here. */
    static Options of(String... words) {
        return of(List.of(Scenario.values()), words);
    }

    static Options of(List<Scenario> scenarios, String... words) {
        List<String> targets = new ArrayList<>();
        List<Variant> variants = new ArrayList<>();
        for (String word : words) {
            String value = word.substring(word.indexOf('=') + 1);
            if (word.startsWith("--variant=")) {
                variants.add(Variant.parse(value));
            } else {
                targets.addAll(Arrays.asList(value.split(",", -1)));
            }
        }
        return new Options(
                scenarios,
                targets,
                variants,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                List.of(5000),
                64,
                100_000,
                9000,
                1,
                List.of(),
                Path.of("out"),
                "");
    }
}
