package dev.headgate.testkit.sim;

import java.nio.ByteBuffer;

/**
 * One direction of a connection: what was written arrives later, and counts against the room until it is read. Positions count bytes since
 * the beginning:
 * <pre>
 *   0 … read …… arrived …… written …… read + room
 *         |  to read  | on its way |   free    |
 * </pre>
 */
final class Pipe {
    private static final int RING_BYTES_MIN = 256;
    private static final byte[] NOTHING = {};

    private final Simulator simulator;
    private final FaultPlan faults;
    private final SimChance chance;
    private final int roomBytes;
    private final Runnable onArrival;
    private final Runnable onCut;
    private byte[] ring = NOTHING; // a power of two long, once there is something in it
    private long read;
    private long arrived;
    private long written;
    private long lastArrivalNs;
    private long cutAt = Long.MAX_VALUE;
    private boolean isCut;
    private boolean isEndSent;
    private boolean isEndArrived;

    /**
     * @param onArrival tells the reader that bytes or the end have come
     * @param onCut tells both that the way is cut
     */
    Pipe(Simulator simulator, FaultPlan faults, SimChance chance, Runnable onArrival, Runnable onCut) {
        this.simulator = simulator;
        this.faults = faults;
        this.chance = chance;
        this.roomBytes = faults.kernelBytes(chance);
        this.onArrival = onArrival;
        this.onCut = onCut;
    }

    /** Lets nothing arrive beyond {@code position}: the first byte that would cuts the connection. */
    void cutAt(long position) {
        cutAt = position;
    }

    int roomBytes() {
        return roomBytes;
    }

    /** Bytes that may be written now. */
    int freeBytes() {
        return (int) (roomBytes - (written - read));
    }

    /** Bytes that may be read now. */
    int readableBytes() {
        return (int) (arrived - read);
    }

    long unarrivedBytes() {
        return written - arrived;
    }

    long writtenBytes() {
        return written;
    }

    long readBytes() {
        return read;
    }

    /** Whether the end has arrived and all bytes before it are read. */
    boolean isAtEnd() {
        return isEndArrived && read == arrived;
    }

    boolean isEndSent() {
        return isEndSent;
    }

    boolean isEndArrived() {
        return isEndArrived;
    }

    /** Whether everything that was written has been read. */
    boolean isEmpty() {
        return read == written;
    }

    /** Writes the next {@code count} bytes of {@code source}; there is room for them. */
    void write(ByteBuffer source, int count) {
        assert count <= freeBytes() && !isEndSent;
        reserve(count);
        for (int i = 0; i < count; i++) {
            ring[(int) (written + i) & ring.length - 1] = source.get();
        }
        written += count;
        send(written, count, false);
    }

    /** Says that nothing more will be written. */
    void end() {
        if (!isEndSent) {
            isEndSent = true;
            send(written, 0, true);
        }
    }

    private void send(long position, int count, boolean end) {
        lastArrivalNs = Math.max(
                lastArrivalNs + (long) count * faults.nsPerByte(), simulator.nowNs() + faults.latencyNs(chance));
        simulator.after(lastArrivalNs - simulator.nowNs(), () -> arrive(position, end));
    }

    private void arrive(long position, boolean end) {
        if (isCut) {
            return;
        }
        arrived = Math.max(arrived, Math.min(Math.min(position, written), cutAt));
        isCut = position > cutAt;
        isEndArrived |= end && !isCut;
        if (isCut) {
            onCut.run();
        } else {
            onArrival.run();
        }
    }

    /** What is still on its way gets lost, the end with it: it comes behind the last byte or not at all. */
    void loseWhatIsOnItsWay() {
        written = arrived;
        isCut = true;
    }

    /** A reset has come: what is still on its way is not taken any more. */
    void refuseMore() {
        isCut = true;
    }

    /** What has arrived and is not read gets lost. */
    void loseUnread() {
        read = arrived;
    }

    int read(ByteBuffer target, int count) {
        assert count <= readableBytes();
        for (int i = 0; i < count; i++) {
            target.put(ring[(int) (read + i) & ring.length - 1]);
        }
        read += count;
        return count;
    }

    private void reserve(int count) {
        int needed = (int) (written - read) + count;
        if (needed <= ring.length) {
            return;
        }
        byte[] larger = new byte[Math.max(RING_BYTES_MIN, Integer.highestOneBit(needed * 2 - 1))];
        for (long i = read; i < written; i++) {
            larger[(int) i & larger.length - 1] = ring[(int) i & ring.length - 1];
        }
        ring = larger;
    }
}
