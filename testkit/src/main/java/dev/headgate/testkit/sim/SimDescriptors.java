package dev.headgate.testkit.sim;

import dev.headgate.engine.io.DescriptorLimitException;
import dev.headgate.engine.io.ReserveDescriptor;
import java.io.IOException;

/** Counts what the system would count. */
final class SimDescriptors {
    private final int most;
    private int open;

    SimDescriptors(int most) {
        this.most = most;
    }

    boolean isFull() {
        return open >= most;
    }

    int open() {
        return open;
    }

    void take() throws DescriptorLimitException {
        if (isFull()) {
            throw new DescriptorLimitException("Too many open files", new IOException("Too many open files"));
        }
        open++;
    }

    /** Takes one even if there are too many: at the start, where shortage is no fault to survive. */
    void takeAnyhow() {
        open++;
    }

    void free() {
        open--;
    }

    /** A descriptor that a loop keeps back. */
    final class Reserve implements ReserveDescriptor {
        private boolean isHeld;

        Reserve() {
            isHeld = true;
            takeAnyhow();
        }

        @Override
        public void giveUp() {
            if (isHeld) {
                isHeld = false;
                free();
            }
        }

        @Override
        public void regain() {
            if (!isHeld && !isFull()) {
                isHeld = true;
                takeAnyhow();
            }
        }

        @Override
        public boolean isHeld() {
            return isHeld;
        }
    }
}
