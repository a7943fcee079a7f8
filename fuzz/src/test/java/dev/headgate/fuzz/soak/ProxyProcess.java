package dev.headgate.fuzz.soak;

import dev.headgate.fuzz.soak.SoakProxy.Holdings;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@link SoakProxy} in a JVM of its own, started with the flags of the packaged program. Owned by one thread. */
final class ProxyProcess implements AutoCloseable {
    private static final Path FLAGS = Path.of("edge/src/main/dist/lib/jvm.options");
    private static final int LINES_KEPT = 40;
    private static final long STOP_SECONDS = 20;

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;
    private final Map<String, Integer> ports = new HashMap<>();
    private final Deque<String> errorLog = new ArrayDeque<>(); // the last lines; guarded by itself

    /**
     * @param main the class to run
     * @param arguments what it takes
     * @param ledger learns of failures that the proxy logs
     */
    ProxyProcess(Class<?> main, List<String> arguments, SoakLedger ledger) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + flags());
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(arguments);
        process = new ProcessBuilder(command).start();
        answers = process.inputReader(StandardCharsets.US_ASCII);
        questions = process.outputWriter(StandardCharsets.US_ASCII);
        Thread.ofPlatform().daemon().name("soak-error-log").start(() -> watchErrorLog(ledger));
        for (String word : read().substring("ready ".length()).split(" ", -1)) {
            String[] port = word.split("=", 2);
            ports.put(port[0], Integer.parseInt(port[1]));
        }
    }

    /** The build runs tests in the module's folder. */
    private static Path flags() {
        Path inModule = Path.of("..").resolve(FLAGS);
        return (Files.exists(inModule) ? inModule : FLAGS).toAbsolutePath();
    }

    private void watchErrorLog(SoakLedger ledger) {
        try (var lines = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (errorLog) {
                    errorLog.addLast(line);
                    if (errorLog.size() > LINES_KEPT) {
                        errorLog.removeFirst();
                    }
                }
                if (line.contains("event=internal_failure")
                        || line.contains("event=access_log")
                        || !line.contains("event=")) {
                    ledger.find("the proxy says: " + line);
                }
            }
        } catch (IOException _) {
            // The process has ended.
        }
    }

    int port(String listener) {
        return ports.get(listener);
    }

    long pid() {
        return process.pid();
    }

    /** What it holds now. */
    Holdings look() throws IOException {
        return Holdings.parse(ask("look"));
    }

    /** What it holds after a collection of its garbage. */
    Holdings collect() throws IOException {
        return Holdings.parse(ask("collect"));
    }

    void rotate() throws IOException {
        ask("rotate");
    }

    /** Lets it end in good order; answers its exit code. */
    int drain() throws IOException, InterruptedException {
        ask("drain");
        return process.waitFor(STOP_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    private String ask(String question) throws IOException {
        questions.write(question);
        questions.newLine();
        questions.flush();
        return read();
    }

    private String read() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the proxy's process has ended:\n" + String.join("\n", errorLog()));
        }
        return line;
    }

    /** The last lines of its error log. */
    List<String> errorLog() {
        synchronized (errorLog) {
            return List.copyOf(errorLog);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
