package dev.headgate.bench.target;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A program that runs, with the processes below it. */
public final class ServerProcess {
    private static final int TAIL_LINES = 6;

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

    /** What it said last, for a message. */
    public String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            List<String> tail = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
            return tail.isEmpty() ? "it said nothing" : String.join("; ", tail);
        } catch (IOException e) {
            return "it said nothing";
        }
    }

    /** Asks it to end, and returns at once. */
    void requestStop() {
        // Those below it are nobody's children any more once it has ended.
        process.descendants().forEach(below::add);
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
