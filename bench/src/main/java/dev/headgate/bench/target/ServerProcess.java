package dev.headgate.bench.target;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program that runs, with the processes below it. */
public final class ServerProcess {
    private static final int TAIL_LINES = 6;
    private static final int TAIL_BYTES_MAX = 4096;

    /** By convention the exit code of what a signal has ended lies above. */
    private static final int SIGNAL_BASE = 128;

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
