package dev.headgate.exchange;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.OpenFile;
import dev.headgate.engine.io.WorkPool;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all temporary files of one proxy share: room on disks, and the threads that wait for them. There is at most one piece of work per file
 * at a time, and the queue has a place for each, so that none is ever refused before the proxy ends.
 */
@AnyThread
public final class ReplayFiles implements AutoCloseable {
    /** Threads that read and write. */
    public static final int THREADS = 4;

    /** The most files at a time, and so the length of the queue that the pool needs. */
    public static final int FILES_MAX = 4096;

    /** What the names of files begin with, where they have any. */
    public static final String PREFIX = "headgate-replay-";

    private final FileAccess files;
    private final WorkPool pool;
    private final ErrorLog errors;
    private final AtomicLong freeBytes;
    private final AtomicInteger freeFiles = new AtomicInteger(FILES_MAX);
    private final Set<OpenFile> open = ConcurrentHashMap.newKeySet();

    /**
     * @param pool with {@link #THREADS} threads and a queue for {@link #FILES_MAX} pieces of work
     * @param bytesMax room that all files may take together
     */
    public ReplayFiles(FileAccess files, WorkPool pool, long bytesMax, ErrorLog errors) {
        this.files = files;
        this.pool = pool;
        this.errors = errors;
        this.freeBytes = new AtomicLong(bytesMax);
    }

    /**
     * Finds out whether files can be made in a folder, and removes what a crash has left there.
     *
     * @throws IOException when they cannot
     */
    public void prepare(Path folder) throws IOException {
        files.removeTemporaries(folder, PREFIX);
        files.openTemporary(folder, PREFIX).close();
    }

    /** Takes the right to one more file; false when there are as many as there may be. {@link #releaseFile} follows in the end. */
    boolean tryTakeFile() {
        int free = freeFiles.get();
        while (free > 0 && !freeFiles.compareAndSet(free, free - 1)) {
            free = freeFiles.get();
        }
        return free > 0;
    }

    void releaseFile() {
        freeFiles.incrementAndGet();
    }

    /** Takes room; false when there is none left. */
    boolean tryReserve(long bytes) {
        long free = freeBytes.get();
        while (free >= bytes && !freeBytes.compareAndSet(free, free - bytes)) {
            free = freeBytes.get();
        }
        return free >= bytes;
    }

    void release(long bytes) {
        freeBytes.addAndGet(bytes);
    }

    /** Room that is left. */
    public long freeBytes() {
        return freeBytes.get();
    }

    /** Files that can still be made. */
    public int freeFiles() {
        return freeFiles.get();
    }

    /** False when the proxy has ended. */
    boolean submit(Runnable work) {
        return pool.submit(work);
    }

    /** By a thread of the pool. */
    OpenFile open(Path folder) throws IOException {
        OpenFile file = files.openTemporary(folder, PREFIX);
        open.add(file);
        return file;
    }

    /** By a thread of the pool, or when that has ended. What it took is free again afterwards. */
    void close(OpenFile file) {
        open.remove(file);
        try {
            file.close();
        } catch (IOException e) {
            errors.report(LogEvent.REPLAY_FILE_FAILED, "failure", String.valueOf(e.getMessage()));
        }
    }

    /** A file has failed, and with it what was kept of one request. */
    void failed(String upstream, IOException failure) {
        errors.report(
                LogEvent.REPLAY_FILE_FAILED, "upstream", upstream, "failure", String.valueOf(failure.getMessage()));
    }

    /** Closes what is still open. After the loops have ended, who would do so otherwise. */
    @Override
    public void close() {
        pool.close();
        Set.copyOf(open).forEach(this::close);
    }
}
