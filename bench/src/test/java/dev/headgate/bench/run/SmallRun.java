package dev.headgate.bench.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.command.BenchCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real run as small as it can be: processes, sockets, files and all. */
final class SmallRun {
    private SmallRun() {}

    /** Has Headgate measured beside nothing else, with the results in {@code folder}; what was told. */
    static String measure(Path folder, String... what) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> arguments = new ArrayList<>(List.of(
                "--targets=direct,headgate",
                "--rounds=1",
                "--duration=200ms",
                "--warm-up=200ms",
                "--connections=4",
                "--idle=20",
                "--out=" + folder));
        arguments.addAll(List.of(what));
        int exitCode = new BenchCommand()
                .execute(
                        arguments,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        String told = err.toString(StandardCharsets.UTF_8) + out.toString(StandardCharsets.UTF_8);
        // 1 is for requests that failed: on a machine that stands still for seconds some time out.
        assertTrue(exitCode == 0 || exitCode == 1 && told.contains("some requests failed"), told);
        return told;
    }

    static boolean isMeasured(String json, String step, String target) {
        return json.contains("{\"step\": \"" + step + "\", \"target\": \"" + target + "\", \"round\": 1");
    }

    static String results(Path folder) throws IOException {
        return Files.readString(folder.resolve("results.json"));
    }
}
