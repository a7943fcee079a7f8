package dev.headgate.testkit.sim;

import dev.headgate.engine.io.Ops;
import java.nio.ByteBuffer;

/**
 * Faults that no correct system has, to see that the invariants notice them: what a bug in the proxy could do to bytes and events, done between
 * the proxy and its sockets.
 */
public enum Sabotage {
    NONE,
    /** Now and then a byte that the proxy writes to a client is lost. */
    LOSES_BYTE,
    /** Now and then a byte that the proxy writes to a client becomes another. */
    CHANGES_BYTE,
    /** Now and then what is read from an origin is what was read before, of another connection perhaps. */
    SHOWS_OLD_BYTES,
    /** The end of a client's stream never shows, nor does that of an origin's. */
    SWALLOWS_END,
    /** A close of the proxy's reaches no peer. */
    SWALLOWS_CLOSE,
    /** Once a write was incomplete, the socket never becomes writable. */
    NEVER_WRITABLE,
    /** Now and then what the proxy writes to an origin goes out twice. */
    REPEATS_WRITE;

    private static final int ONE_IN = 40;
    private static final int OLD_BYTES = 64;

    /** What one run remembers of its sabotage. */
    static final class Running {
        private final Sabotage kind;
        private final SimChance chance;
        private final byte[] old = new byte[OLD_BYTES];
        private int oldLength;

        Running(Sabotage kind, SimChance chance) {
            this.kind = kind;
            this.chance = chance;
        }

        int readyOps(SimSocket socket, int ready) {
            return kind == NEVER_WRITABLE && socket.isDownstream() ? ready & ~Ops.WRITE : ready;
        }

        void onRead(SimSocket socket, ByteBuffer target, int start) {
            if (kind != SHOWS_OLD_BYTES || socket.isDownstream()) {
                return;
            }
            int count = Math.min(target.position() - start, OLD_BYTES);
            byte[] now = new byte[count];
            target.get(start, now);
            if (oldLength == count && chance.oneIn(ONE_IN / 4)) {
                target.put(start, old, 0, count);
            }
            System.arraycopy(now, 0, old, 0, count);
            oldLength = count;
        }

        boolean hidesEnd() {
            return kind == SWALLOWS_END;
        }

        boolean hidesClose(SimSocket socket) {
            return kind == SWALLOWS_CLOSE && socket.isDownstream();
        }

        void write(SimSocket socket, Pipe out, ByteBuffer source, int count) {
            boolean hits = count > 0 && chance.oneIn(ONE_IN);
            if (hits && kind == LOSES_BYTE && socket.isDownstream()) {
                source.position(source.position() + 1);
                out.write(source, count - 1);
            } else if (hits && kind == CHANGES_BYTE && socket.isDownstream()) {
                ByteBuffer changed = ByteBuffer.allocate(count);
                changed.put(0, source, source.position(), count);
                int at = chance.nextInt(count);
                changed.put(at, (byte) (changed.get(at) ^ 1));
                out.write(changed, count);
            } else if (hits && kind == REPEATS_WRITE && !socket.isDownstream() && out.freeBytes() >= 2 * count) {
                out.write(source.duplicate(), count);
                out.write(source, count);
            } else {
                out.write(source, count);
            }
        }
    }
}
