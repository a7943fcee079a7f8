package dev.headgate.bench.target;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All that was started, and the folder it works in. Nothing of it outlives this: {@link #close} ends it in good order, and
 * so does the end of the program by a signal.
 */
public final class Processes implements AutoCloseable {
    private static final long PATIENCE_MS = 3000;

    private final Path folder;
    private final List<ServerProcess> running = new ArrayList<>();
    private final Thread onSignal = new Thread(this::endAll, "bench-cleanup");
    private boolean isClosed;

    private Processes(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(onSignal);
    }

    /** Begins with a folder of its own among the system's temporary ones. */
    public static Processes create() throws IOException {
        return new Processes(Files.createTempDirectory("headgate-bench-").toRealPath());
    }

    /** A new folder for {@code name}. */
    public Path folderOf(String name) throws IOException {
        return Files.createTempDirectory(folder, name.replaceAll("[^A-Za-z0-9]", "_") + "-");
    }

    /**
     * Starts {@code command} with its output going to a file.
     *
     * @param name for messages
     * @param variables of its environment beside ours; an empty value takes one away
     * @throws IOException when there is no such program
     */
    public ServerProcess start(String name, List<String> command, Map<String, String> variables, Path workFolder)
            throws IOException {
        Path log = workFolder.resolve("output.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(workFolder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log.toFile());
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
