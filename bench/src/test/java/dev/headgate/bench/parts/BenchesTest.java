package dev.headgate.bench.parts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Benchmarks do not rot: each runs, says what it asks, and has something beside it to compare with. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BenchesTest {
    private static final Path SOURCES = Path.of("src/test/java");

    static List<Path> benches() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith("Bench.java")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("benches")
    void asksAQuestionAndComparesTwoWaysAtLeast(Path bench) throws IOException {
        String source = Files.readString(bench);
        String comment = source.substring(source.indexOf("/**"), source.indexOf("*/"));
        assertTrue(comment.contains("?"), "a question in the comment of the class");
        assertTrue(source.split("@Benchmark\n").length > 2, "two ways at least");
    }

    @Test
    void everyOneRunsOnceWithEachOfItsParameters() throws RunnerException {
        // In this process and without warming up: what it measures means nothing.
        var options = new OptionsBuilder()
                .mode(Mode.SingleShotTime)
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        long classes = new Runner(options)
                .run().stream()
                        .map(result -> result.getParams().getBenchmark().replaceFirst("\\.[^.]*$", ""))
                        .distinct()
                        .count();
        assertEquals(count(), classes, "all of them have run");
    }

    private static int count() {
        try {
            return benches().size();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
