package dev.headgate.bench.fault.origin;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What an origin has counted, in memory that it shares with whoever looks: so it can be read while the origin is stopped, and when it has
 * been killed. The next process of the same origin goes on counting.
 *
 * <pre>
 *  0         8        16       24
 *  | requests | checks | starts | commands |   each a long in native order, with one writer
 * </pre>
 */
public final class CounterFile {
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int REQUESTS = 0;
    private static final int CHECKS = 8;
    private static final int STARTS = 16;
    private static final int COMMANDS = 24;
    private static final int BYTES = 32;

    private final ByteBuffer memory;

    private CounterFile(ByteBuffer memory) {
        this.memory = memory;
    }

    /** The counters in {@code file}, which begins with zeros where it is not there yet. */
    public static CounterFile open(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new CounterFile(channel.map(MapMode.READ_WRITE, 0, BYTES));
        }
    }

    /** Requests that were no checks, whatever was answered. */
    public long requests() {
        return get(REQUESTS);
    }

    /** Questions after its health. */
    public long checks() {
        return get(CHECKS);
    }

    /** Processes that have begun to accept. */
    public long starts() {
        return get(STARTS);
    }

    /** Commands that have been carried out. */
    public long commands() {
        return get(COMMANDS);
    }

    void onRequest() {
        increase(REQUESTS);
    }

    void onCheck() {
        increase(CHECKS);
    }

    void onStart() {
        increase(STARTS);
    }

    void onCommand() {
        increase(COMMANDS);
    }

    private long get(int offset) {
        return (long) LONGS.getAcquire(memory, offset);
    }

    private void increase(int offset) {
        LONGS.setRelease(memory, offset, (long) LONGS.get(memory, offset) + 1);
    }
}
