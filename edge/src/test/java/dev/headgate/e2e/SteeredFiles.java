package dev.headgate.e2e;

import dev.headgate.engine.io.OpenFile;
import dev.headgate.secure.OtherFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The file system, whose temporary files are in the test's hand. Any thread. */
public final class SteeredFiles extends OtherFiles {
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private volatile int fullAtBytes = Integer.MAX_VALUE;
    private volatile boolean isReadingBroken;
    private volatile @Nullable CountDownLatch standstill;
    private volatile @Nullable CountDownLatch readStandstill;
    private final AtomicInteger waitingReads = new AtomicInteger();

    /** Each file takes so many bytes and then no more. */
    public void fullAt(int bytes) {
        fullAtBytes = bytes;
    }

    /** Nothing that was written can be read. */
    public void breakReading() {
        isReadingBroken = true;
    }

    /** Nothing is written until {@link #goOn}. */
    public void standStill() {
        standstill = new CountDownLatch(1);
    }

    /** Nothing is read until {@link #goOn}. */
    public void standStillReading() {
        readStandstill = new CountDownLatch(1);
    }

    public void goOn() {
        for (CountDownLatch latch : new CountDownLatch[] {standstill, readStandstill}) {
            if (latch != null) {
                latch.countDown();
            }
        }
    }

    /** Reads that wait for {@link #goOn}. */
    public int waitingReads() {
        return waitingReads.get();
    }

    private static void pass(@Nullable CountDownLatch latch) throws IOException {
        try {
            if (latch != null) {
                latch.await();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Temporary files that are open. */
    public int open() {
        return open.get();
    }

    /** Temporary files that have been opened. */
    public int opened() {
        return opened.get();
    }

    @Override
    public OpenFile openTemporary(Path folder, String prefix) throws IOException {
        OpenFile file = super.openTemporary(folder, prefix);
        open.incrementAndGet();
        opened.incrementAndGet();
        return new Steered(file);
    }

    private final class Steered implements OpenFile {
        private final OpenFile file;

        Steered(OpenFile file) {
            this.file = file;
        }

        @Override
        public long lengthBytes() throws IOException {
            return file.lengthBytes();
        }

        @Override
        public int read(ByteBuffer target, long offsetBytes) throws IOException {
            if (isReadingBroken) {
                throw new IOException("Input/output error");
            }
            waitingReads.incrementAndGet();
            pass(readStandstill);
            waitingReads.decrementAndGet();
            return file.read(target, offsetBytes);
        }

        @Override
        public void append(ByteBuffer source) throws IOException {
            pass(standstill);
            if (file.lengthBytes() + source.remaining() > fullAtBytes) {
                throw new IOException("No space left on device");
            }
            file.append(source);
        }

        @Override
        public void close() throws IOException {
            open.decrementAndGet();
            file.close();
        }
    }
}
