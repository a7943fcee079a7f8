package dev.headgate.exchange;

import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.buffer.PooledBuffer;
import dev.headgate.engine.io.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The content of one request beyond its window, in a temporary file, so that it can be sent once more.
 * <pre>{@code
 *   0 ........ written ........ length
 *   in the file │ in chunks, which are written one by one as they are full
 * }</pre>
 * Threads of {@link ReplayFiles} do what blocks, one piece of work at a time; its result comes back to the loop. Everything else is the
 * loop's. What was appended is kept to the end, so that it can be read any number of times.
 */
@LoopConfined
final class ReplayFile {
    private static final int CHUNK_BYTES = 64 << 10;

    /** What waits to be written while more is welcome. One more call may bring what the loop reads at a time. */
    static final int BEHIND_BYTES = 2 * CHUNK_BYTES;

    /** The most memory that a file takes beside what is appended in one call: chunks that wait, and one for reading. */
    static final int MEMORY_BYTES = BEHIND_BYTES + CHUNK_BYTES;

    /** Who has opened the file. Called on the loop, and no more after {@link #close}. */
    interface Owner {
        /** More of it is written. */
        void onReplayWritten();

        /** What was asked for by {@link ReplayFile#bytesAt} is here; lent for the call. */
        void onReplayRead(ByteBuffer bytes);

        /** Nothing is kept any more; the owner closes the file. */
        void onReplayFailed();
    }

    private static final long NOTHING = -1;

    private final ReplayFiles shared;
    private final EventLoop loop;
    private final Path folder;
    private final String upstream;
    private final long bytesMax;
    private final Owner owner;
    private final Runnable work = this::work; // by a thread of the pool
    private final Runnable done = this::done;
    private final Runnable failed = this::fail;

    private @Nullable PooledBuffer oldest; // the first of the chunks, each linked to the next
    private @Nullable PooledBuffer newest;
    private long writtenBytes;
    private long lengthBytes;
    private long wantedOffset = NOTHING; // of what is to be read
    private boolean isClosed;

    // Of the piece of work under way: set before it is handed over, and read after it has come back.
    private boolean isAtWork;
    private @Nullable PooledBuffer read; // where a piece of work reads to; null when it writes the oldest chunk
    private long readOffset;
    private @Nullable OpenFile file;
    private @Nullable IOException failure;

    private ReplayFile(ReplayFiles shared, EventLoop loop, Path folder, String upstream, long bytesMax, Owner owner) {
        this.shared = shared;
        this.loop = loop;
        this.folder = folder;
        this.upstream = upstream;
        this.bytesMax = bytesMax;
        this.owner = owner;
    }

    /**
     * A file that is made with the first chunk to be written; null when there are as many as there may be. {@link #close} follows in the end.
     *
     * @param upstream its name, for the log
     * @param bytesMax its longest content
     */
    static @Nullable ReplayFile open(
            ReplayFiles shared, EventLoop loop, Path folder, String upstream, long bytesMax, Owner owner) {
        return shared.tryTakeFile() ? new ReplayFile(shared, loop, folder, upstream, bytesMax, owner) : null;
    }

    long lengthBytes() {
        return lengthBytes;
    }

    /** Whether so much waits to be written that more is not welcome: {@link Owner#onReplayWritten} tells when it has become less. */
    boolean isBehind() {
        return lengthBytes - writtenBytes > BEHIND_BYTES;
    }

    /**
     * Appends a copy of {@code bytes}, which stays as it is.
     *
     * @return false when there is no room for that, here or in memory: the owner closes the file
     */
    boolean append(ByteBuffer bytes) {
        int count = bytes.remaining();
        if (lengthBytes + count > bytesMax || !shared.tryReserve(count)) {
            return false;
        }
        lengthBytes += count;
        int from = bytes.position();
        while (count > 0) {
            PooledBuffer chunk = withRoom();
            if (chunk == null) {
                return false;
            }
            ByteBuffer target = chunk.buffer();
            int part = Math.min(count, target.remaining());
            target.put(target.position(), bytes, from, part);
            target.position(target.position() + part);
            from += part;
            count -= part;
        }
        goOn();
        return true;
    }

    private @Nullable PooledBuffer withRoom() {
        PooledBuffer last = newest;
        if (last != null && last.buffer().hasRemaining()) {
            return last;
        }
        PooledBuffer chunk = loop.buffers().take(CHUNK_BYTES);
        if (chunk == null) {
            return null;
        }
        if (last == null) {
            oldest = chunk;
        } else {
            last.next(chunk);
        }
        newest = chunk;
        return chunk;
    }

    /**
     * The content from {@code offset} on, up to some point of it; lent until the next call.
     *
     * @param offset less than {@link #lengthBytes}
     * @return null when it has to be read first: {@link Owner#onReplayRead} follows
     */
    @Nullable
    ByteBuffer bytesAt(long offset) {
        if (offset < writtenBytes) {
            wantedOffset = offset;
            goOn();
            return null;
        }
        wantedOffset = NOTHING;
        long start = writtenBytes;
        PooledBuffer chunk = oldest;
        while (chunk != null) {
            int length = chunk.buffer().position();
            if (offset < start + length) {
                return chunk.buffer().duplicate().limit(length).position((int) (offset - start));
            }
            start += length;
            chunk = chunk.next();
        }
        throw new IllegalStateException("beyond the end: offset=" + offset + ", length=" + lengthBytes);
    }

    /** What was asked for is not wanted any more. */
    void stopReading() {
        wantedOffset = NOTHING;
    }

    /** Hands over the next piece of work, if there is any: what somebody waits for first. */
    private void goOn() {
        if (isAtWork || isClosed) {
            return;
        }
        PooledBuffer chunk = oldest;
        if (wantedOffset != NOTHING) {
            read = loop.buffers().take(CHUNK_BYTES);
            if (read == null) {
                loop.defer(failed); // The owner may be in the middle of a call.
                return;
            }
            readOffset = wantedOffset;
            read.buffer().limit((int) Math.min(read.capacity(), writtenBytes - readOffset));
        } else if (chunk == null || chunk.buffer().hasRemaining()) {
            return;
        }
        isAtWork = true;
        if (!shared.submit(work)) {
            isAtWork = false;
            releaseRead();
            loop.defer(failed);
        }
    }

    private void work() {
        failure = new IOException("a file could not be worked with");
        try {
            OpenFile known = file;
            if (known == null) {
                known = shared.open(folder);
                file = known;
            }
            if (read == null) {
                write(known);
            } else {
                read(known, read.buffer());
            }
            failure = null;
        } catch (IOException e) {
            failure = e;
        } finally {
            loop.complete(done);
        }
    }

    private void write(OpenFile to) throws IOException {
        PooledBuffer chunk = oldest;
        if (chunk != null) {
            to.append(chunk.buffer().duplicate().flip());
        }
    }

    private void read(OpenFile from, ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            if (from.read(target, readOffset + target.position()) < 0) {
                throw new IOException("a temporary file has become shorter");
            }
        }
    }

    private void done() {
        isAtWork = false;
        IOException problem = failure;
        if (isClosed) {
            releaseRead();
            finish();
        } else if (problem != null) {
            releaseRead();
            shared.failed(upstream, problem);
            fail();
        } else if (read != null) {
            onRead();
        } else {
            onWritten();
        }
    }

    private void onWritten() {
        PooledBuffer chunk = oldest;
        assert chunk != null;
        writtenBytes += chunk.buffer().position();
        oldest = chunk.next();
        if (oldest == null) {
            newest = null;
        }
        chunk.release();
        goOn();
        if (!isClosed) {
            owner.onReplayWritten();
        }
    }

    private void onRead() {
        PooledBuffer buffer = read;
        assert buffer != null;
        read = null;
        boolean isWanted = readOffset == wantedOffset;
        if (isWanted) {
            wantedOffset = NOTHING;
        }
        try {
            if (isWanted) {
                owner.onReplayRead(buffer.buffer().flip());
            }
        } finally {
            buffer.release();
        }
        goOn();
    }

    private void fail() {
        if (!isClosed) {
            owner.onReplayFailed();
        }
    }

    private void releaseRead() {
        if (read != null) {
            read.release();
            read = null;
        }
    }

    /** Lets go of everything, what is on disk included. */
    void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        wantedOffset = NOTHING;
        if (!isAtWork) {
            finish();
        }
    }

    private void finish() {
        PooledBuffer chunk = oldest;
        while (chunk != null) {
            PooledBuffer next = chunk.next();
            chunk.release();
            chunk = next;
        }
        oldest = null;
        newest = null;
        if (file == null || !shared.submit(this::closeFile)) {
            closeFile(); // There is none, or the proxy has ended.
        }
    }

    private void closeFile() {
        if (file != null) {
            shared.close(file);
        }
        shared.release(lengthBytes);
        shared.releaseFile();
    }
}
