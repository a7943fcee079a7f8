package dev.headgate.bench.target;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program that is to end by itself soon.
 *
 * @param exitCode with which it ended
 * @param output what it said first, on either output
 */
record ShortRun(int exitCode, String output) {
    private static final int OUTPUT_BYTES_MAX = 4096;

    /**
     * Runs {@code command} and waits for its end; after {@code limit} it is ended with all below it.
     *
     * @param variables of its environment beside ours
     * @return empty when it did not end in time
     * @throws IOException when there is no such program
     */
    static Optional<ShortRun> of(List<String> command, Map<String, String> variables, Duration limit)
            throws IOException, InterruptedException {
        // To a file: who reads a pipe to its end also waits for whatever the program has left running.
        Path output = Files.createTempFile("headgate-bench-", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(variables);
            Process process = builder.start();
            return endedWithin(process, limit)
                    ? Optional.of(new ShortRun(process.exitValue(), beginningOf(output)))
                    : Optional.empty();
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static boolean endedWithin(Process process, Duration limit) throws InterruptedException {
        try {
            return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            if (process.isAlive()) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private static String beginningOf(Path output) throws IOException {
        try (InputStream bytes = Files.newInputStream(output)) {
            return new String(bytes.readNBytes(OUTPUT_BYTES_MAX), StandardCharsets.UTF_8);
        }
    }

    /** The first line that says something; empty when none does. */
    Optional<String> firstLine() {
        return output.lines().map(String::trim).filter(line -> !line.isEmpty()).findFirst();
    }
}
