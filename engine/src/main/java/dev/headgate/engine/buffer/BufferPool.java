package dev.headgate.engine.buffer;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers in nine size classes, from 1 KiB doubling to 256 KiB.
 *
 * <p>Buffers are cut, when first needed, from slabs of direct memory that are reserved against a budget which all pools of an engine share;
 * they then live on one free list per class. Slabs are not given back and buffers are not joined again: what a class has grown to, it
 * keeps. When the budget is used up, a larger free buffer serves instead, and at last none.
 */
@HotPath
@LoopConfined
public final class BufferPool {
    public static final int CAPACITY_MIN = 1024;
    public static final int CAPACITY_MAX = 256 * 1024;

    private static final int CAPACITY_MIN_SHIFT = 10;
    private static final int CLASSES = 9;

    private final MemoryBudget budget;
    private final int slabBytes;
    private final BooleanSupplier isOwner;
    private final @Nullable PooledBuffer[] free = new @Nullable PooledBuffer[CLASSES];

    private @Nullable ByteBuffer slab; // its remaining bytes are uncut
    private int outstandingBuffers;
    private long outstandingBytes;
    private long refusals;

    /**
     * @param slabBytes at least {@link #CAPACITY_MAX} and a multiple of {@link #CAPACITY_MIN}
     * @param isOwner whether the calling thread may use this pool; asked by assertions only
     */
    public BufferPool(MemoryBudget budget, int slabBytes, BooleanSupplier isOwner) {
        if (slabBytes < CAPACITY_MAX || slabBytes % CAPACITY_MIN != 0) {
            throw new IllegalArgumentException("slab size not usable: slabBytes=" + slabBytes + ", least="
                    + CAPACITY_MAX + ", multiple of " + CAPACITY_MIN);
        }
        this.budget = budget;
        this.slabBytes = slabBytes;
        this.isOwner = isOwner;
    }

    /**
     * Takes a buffer of at least {@code bytesMin} bytes, cleared; it is the caller's until released.
     *
     * @param bytesMin from 0 to {@link #CAPACITY_MAX}
     * @return null when the engine's budget is used up
     */
    public @Nullable PooledBuffer take(int bytesMin) {
        assert isOwner.getAsBoolean() : "pool used outside its loop";
        int sizeClass = sizeClassOf(bytesMin);
        PooledBuffer buffer = pop(sizeClass);
        if (buffer == null) {
            buffer = cut(sizeClass);
        }
        if (buffer == null) {
            refusals++;
            return null;
        }
        buffer.onTaken();
        outstandingBuffers++;
        outstandingBytes += buffer.capacity();
        return buffer;
    }

    /** The capacity that {@link #take} gives for {@code bytesMin} while the budget lasts. */
    public static int capacityFor(int bytesMin) {
        return CAPACITY_MIN << sizeClassOf(bytesMin);
    }

    private static int sizeClassOf(int bytesMin) {
        if (bytesMin < 0 || bytesMin > CAPACITY_MAX) {
            throw new IllegalArgumentException(
                    "no such buffer: bytesMin=" + bytesMin + ", limit=" + CAPACITY_MAX + " bytes");
        }
        return bytesMin <= CAPACITY_MIN
                ? 0
                : Integer.SIZE - Integer.numberOfLeadingZeros(bytesMin - 1) - CAPACITY_MIN_SHIFT;
    }

    private @Nullable PooledBuffer pop(int sizeClass) {
        PooledBuffer buffer = free[sizeClass];
        if (buffer != null) {
            free[sizeClass] = buffer.nextFree();
        }
        return buffer;
    }

    private void push(PooledBuffer buffer) {
        buffer.nextFree(free[buffer.sizeClass]);
        free[buffer.sizeClass] = buffer;
    }

    void giveBack(PooledBuffer buffer) {
        assert isOwner.getAsBoolean() : "pool used outside its loop";
        outstandingBuffers--;
        outstandingBytes -= buffer.capacity();
        push(buffer);
    }

    private @Nullable PooledBuffer cut(int sizeClass) {
        int bytes = CAPACITY_MIN << sizeClass;
        ByteBuffer source = slab;
        if (source == null || source.remaining() < bytes) {
            ByteBuffer fresh = allocateSlab();
            if (fresh == null) {
                return popLarger(sizeClass);
            }
            if (source != null) {
                cutUp(source);
            }
            slab = fresh;
            source = fresh;
        }
        return cutOff(source, sizeClass);
    }

    private @Nullable ByteBuffer allocateSlab() {
        if (!budget.tryReserve(slabBytes)) {
            return null;
        }
        try {
            return ByteBuffer.allocateDirect(slabBytes);
        } catch (OutOfMemoryError e) {
            // The JVM's own limit on direct memory lies below the budget: the same answer as a budget that is used up.
            budget.release(slabBytes);
            return null;
        }
    }

    private @Nullable PooledBuffer popLarger(int sizeClass) {
        for (int larger = sizeClass + 1; larger < CLASSES; larger++) {
            PooledBuffer buffer = pop(larger);
            if (buffer != null) {
                return buffer;
            }
        }
        return null;
    }

    /** Turns the rest of an old slab, too small for what was asked, into free buffers of the classes that fit. */
    private void cutUp(ByteBuffer rest) {
        for (int sizeClass = CLASSES - 1; sizeClass >= 0; sizeClass--) {
            while (rest.remaining() >= CAPACITY_MIN << sizeClass) {
                push(cutOff(rest, sizeClass));
            }
        }
    }

    private PooledBuffer cutOff(ByteBuffer source, int sizeClass) {
        int bytes = CAPACITY_MIN << sizeClass;
        ByteBuffer piece = source.slice(source.position(), bytes);
        source.position(source.position() + bytes);
        return new PooledBuffer(this, piece, sizeClass);
    }

    /** Buffers taken and not yet released. */
    public int outstandingBuffers() {
        return outstandingBuffers;
    }

    /** Their capacities together. */
    public long outstandingBytes() {
        return outstandingBytes;
    }

    /** How often {@link #take} has answered null. */
    public long refusals() {
        return refusals;
    }
}
