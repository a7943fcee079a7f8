package dev.headgate.bench.target;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program that runs, with the processes below it. */
public final class ServerProcess {
    private static final int TAIL_LINES = 6;
    private static final int TAIL_BYTES_MAX = 4096;

    /** By convention the exit code of what a signal has ended lies above. */
    private static final int SIGNAL_BASE = 128;

    private static final Duration SIGNAL_MAX = Duration.ofSeconds(5);

    private final String name;
    private final Process process;
    private final Path log;
    private final Set<ProcessHandle> below = new HashSet<>();

    ServerProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** Completes when it has ended. */
    public CompletableFuture<?> onEnd() {
        return process.onExit();
    }

    /** How it has ended and what it said last, for a message. */
    public String end() {
        int exitCode = process.exitValue();
        String signal = exitCode > SIGNAL_BASE ? " (signal " + (exitCode - SIGNAL_BASE) + ")" : "";
        return "has ended by itself with exit code " + exitCode + signal + "; " + lastWords();
    }

    /** What it said last, for a message. */
    public String lastWords() {
        List<String> lines = tailOfLog().lines().filter(line -> !line.isBlank()).toList();
        List<String> tail = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        return tail.isEmpty() ? "it said nothing" : "it said last: " + String.join("; ", tail);
    }

    /** Of a log that may have grown large, the end. */
    private String tailOfLog() {
        try (FileChannel file = FileChannel.open(log)) {
            ByteBuffer tail = ByteBuffer.allocate((int) Math.min(file.size(), TAIL_BYTES_MAX));
            file.position(Math.max(0, file.size() - TAIL_BYTES_MAX));
            while (tail.hasRemaining() && file.read(tail) >= 0) {}
            return new String(tail.array(), 0, tail.position(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Takes note of the processes below it: they are nobody's children any more once it has ended. */
    void noteBelow() {
        process.descendants().forEach(below::add);
    }

    /**
     * Writes a line to its standard input.
     *
     * @throws IOException when it has ended
     */
    public void tell(String line) throws IOException {
        OutputStream input = process.getOutputStream();
        input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    /** Ends it outright (SIGKILL), and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Waits until it has ended by itself; false when it has not after {@code limit}. */
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Sends it a signal.
     *
     * @param name as {@code kill} takes it, such as STOP
     * @throws IOException when that cannot be done
     */
    public void signal(String name) throws IOException, InterruptedException {
        // By a shell, whose own word it is: there is not everywhere a program of that name.
        List<String> command = List.of("sh", "-c", "kill -" + name + " " + process.pid());
        Optional<ShortRun> run = ShortRun.of(command, Map.of(), SIGNAL_MAX);
        if (run.filter(answer -> answer.exitCode() == 0).isEmpty()) {
            throw new IOException("signal " + name + " cannot be sent to " + this);
        }
    }

    /** Asks it to end, and returns at once. */
    void requestStop() {
        noteBelow();
        process.destroy();
    }

    /** Asks it to end, and ends it when it has not after {@code patienceMs}. */
    void stop(long patienceMs) {
        requestStop();
        try {
            if (!process.waitFor(patienceMs, TimeUnit.MILLISECONDS)) process.destroyForcibly();
            process.waitFor(patienceMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        below.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public String toString() {
        return name + " (process " + process.pid() + ")";
    }
}
