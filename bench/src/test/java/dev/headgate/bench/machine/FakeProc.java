package dev.headgate.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that looks like {@code /proc}, as far as needed. */
public final class FakeProc {
    private final Path root;

    public FakeProc(Path root) {
        this.root = root;
    }

    public ProcFiles files() {
        return new ProcFiles(root);
    }

    /**
     * Writes the file of a process anew.
     *
     * @param ownTicks its own processor time
     * @param endedTicks that of children it has waited for
     * @param startTicks when it began
     */
    public void process(long pid, long parent, long ownTicks, long endedTicks, long startTicks) throws IOException {
        process(pid, parent, 'S', ownTicks, endedTicks, startTicks);
    }

    void process(long pid, long parent, char state, long ownTicks, long endedTicks, long startTicks)
            throws IOException {
        Files.createDirectories(folder(pid));
        Files.writeString(
                folder(pid).resolve("stat"),
                pid + " (a name) " + state + " " + parent + " 1 1 0 -1 4194560 9 0 0 0 " + ownTicks + " 0 " + endedTicks
                        + " 0 20 0 1 0 " + startTicks + " 6 7");
    }

    /** Writes how much memory it has. */
    public void memory(long pid, long pssKib) throws IOException {
        Files.writeString(
                folder(pid).resolve("smaps_rollup"),
                "55e0-7ffc ---p 0 00:00 0 [rollup]\nRss:  9 kB\nPss:  " + pssKib + " kB\nPss_Dirty: 3 kB\n");
    }

    /** Memory that is not to be read any more. */
    public void noMemory(long pid) throws IOException {
        Files.deleteIfExists(folder(pid).resolve("smaps_rollup"));
    }

    /** Ends a process for good. Who has its file open reads nothing any more. */
    public void end(long pid) throws IOException {
        noMemory(pid);
        Files.writeString(folder(pid).resolve("stat"), "");
        Files.delete(folder(pid).resolve("stat"));
        Files.delete(folder(pid));
    }

    /** Writes how much processor time the machine has given to anything. */
    public void machine(long busyTicks) throws IOException {
        Files.writeString(root.resolve("stat"), "cpu  " + busyTicks + " 0 0 4000 500 0 0 0 0 0\n");
    }

    private Path folder(long pid) {
        return root.resolve(String.valueOf(pid));
    }
}
