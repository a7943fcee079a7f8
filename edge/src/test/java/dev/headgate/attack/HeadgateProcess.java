package dev.headgate.attack;

import dev.headgate.testkit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The program as an operator runs it, in a process of its own. */
final class HeadgateProcess implements AutoCloseable {
    private static final String READY = "ready in ";

    private final Process process;
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private HeadgateProcess(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::readErrors);
    }

    /** Runs {@code headgate run} with this configuration; whether it starts is for the caller to see. */
    static HeadgateProcess run(Path folder, String yaml) {
        return run(folder, yaml, "unlimited");
    }

    /** The same with a limit on open files. */
    static HeadgateProcess run(Path folder, String yaml, String openFilesMax) {
        return run(folder, yaml, openFilesMax, "-Dheadgate.test=true");
    }

    /** The same with a flag of the JVM's. */
    static HeadgateProcess run(Path folder, String yaml, String openFilesMax, String flag) {
        try {
            Path config = Files.writeString(folder.resolve("headgate.yaml"), yaml);
            String limit = openFilesMax.equals("unlimited") ? "" : "ulimit -n " + openFilesMax + "; ";
            String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            return new HeadgateProcess(new ProcessBuilder(
                            "sh",
                            "-c",
                            limit + "exec \"$0\" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx64m"
                                    + " -XX:MaxDirectMemorySize=512m \"$3\" -cp \"$1\" dev.headgate.cli.Main run -c \"$2\"",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            classPath,
                            config.toString(),
                            flag)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readErrors() {
        try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                errors.add(line);
            }
        } catch (IOException _) {
            // The process is gone.
        }
    }

    /** Waits until every listener accepts; answers the port of the first one, or 0 when it has none. */
    int awaitReady() {
        Await.until("the program is ready: " + errors, java.time.Duration.ofSeconds(30), () -> {
            if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ": " + errors);
            }
            return errors.stream().anyMatch(line -> line.startsWith(READY));
        });
        String ready = errors.stream()
                .filter(line -> line.startsWith(READY))
                .findFirst()
                .orElseThrow();
        String address = ready.replaceFirst(",.*", "");
        String port = address.substring(address.lastIndexOf(':') + 1);
        return port.chars().allMatch(Character::isDigit) ? Integer.parseInt(port) : 0;
    }

    /** What it has said on standard error. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    void terminate() {
        process.destroy();
    }

    void kill() {
        process.destroyForcibly();
    }

    /** Waits for its end; answers the exit code. */
    int awaitExit() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + errors);
            }
            reader.join();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit();
    }
}
