package dev.headgate.bench.target;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * All that was started, and the folder it works in. Nothing of it outlives this: {@link #close} ends it in good order, and
 * so does the end of the program by a signal. What a program that is killed outright can do nothing about is left to the
 * {@link Lifeline} of each process; the folder stays then.
 */
public final class Processes implements AutoCloseable {
    private static final long PATIENCE_MS = 3000;
    private static final long SIGNAL_LAG_MS = 300;

    /** By what a process finds out that this one is gone, when nobody could tell it. */
    public enum Lifeline {
        /** Its standard input ends, which it must read. */
        STANDARD_INPUT,
        /** The kernel asks it to end, where there is a {@code setpriv} that arranges for it. */
        PARENT
    }

    private final Path folder;
    private final List<String> dyingWithParent;
    private final List<ServerProcess> running = new ArrayList<>();
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread onSignal = new Thread(this::onSignal, "bench-cleanup");
    private boolean isClosed;

    private Processes(Path folder, List<String> dyingWithParent) {
        this.folder = folder;
        this.dyingWithParent = dyingWithParent;
        Runtime.getRuntime().addShutdownHook(onSignal);
    }

    /** Begins with a folder of its own among the system's temporary ones. */
    public static Processes create() throws IOException, InterruptedException {
        List<String> prefix = FoundProgram.dyingWithParent();
        return new Processes(Files.createTempDirectory("headgate-bench-").toRealPath(), prefix);
    }

    /** A new folder for {@code name}. */
    public Path folderOf(String name) throws IOException {
        return Files.createTempDirectory(folder, name.replaceAll("[^A-Za-z0-9]", "_") + "-");
    }

    /**
     * Starts {@code command} with its output going to a file. The thread that calls this is the parent that
     * {@link Lifeline#PARENT} means: it must stay as long as the process.
     *
     * @param name for messages
     * @param variables of its environment beside ours; an empty value takes one away
     * @throws IOException when there is no such program
     */
    public ServerProcess start(
            String name, List<String> command, Map<String, String> variables, Path workFolder, Lifeline lifeline)
            throws IOException {
        Path log = workFolder.resolve("output.log");
        ProcessBuilder builder = new ProcessBuilder()
                .directory(workFolder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        switch (lifeline) {
            case STANDARD_INPUT -> builder.command(command).redirectInput(Redirect.PIPE);
            case PARENT -> {
                List<String> line = new ArrayList<>(dyingWithParent);
                line.addAll(command);
                builder.command(line)
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
            }
        }
        variables.forEach((key, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(key);
            } else {
                builder.environment().put(key, value);
            }
        });
        // In one step with the check, so that what a signal's thread has not seen is not started any more.
        synchronized (this) {
            if (isClosed) throw new IOException("the run is ending");
            ServerProcess process = new ServerProcess(name, builder.start(), log);
            running.add(process);
            return process;
        }
    }

    /** Ends one of them. */
    public void stop(ServerProcess process) {
        synchronized (this) {
            running.remove(process);
        }
        process.stop(PATIENCE_MS);
    }

    /**
     * Whether the program is ending by a signal, or is about to: one from the terminal reaches all processes at once, and
     * the others may have ended before this one knows.
     */
    public boolean isEnding() throws InterruptedException {
        return ending.await(SIGNAL_LAG_MS, TimeUnit.MILLISECONDS);
    }

    private void onSignal() {
        ending.countDown();
        endAll();
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            // The program is ending by a signal, and the hook does the same as this.
        }
        endAll();
    }

    private synchronized void endAll() {
        if (isClosed) return;
        isClosed = true;
        for (ServerProcess process : running) process.requestStop();
        for (ServerProcess process : running) process.stop(PATIENCE_MS);
        running.clear();
        deleteFolder();
    }

    private void deleteFolder() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // A temporary folder that the system clears in time.
        }
    }
}
