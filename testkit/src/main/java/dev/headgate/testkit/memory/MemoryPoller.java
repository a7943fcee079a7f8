package dev.headgate.testkit.memory;

import dev.headgate.engine.io.Poller;
import java.util.ArrayList;
import java.util.List;

/** Looks at the sockets that something has happened to since it last looked, and at those that were ready then. */
final class MemoryPoller implements Poller {
    /** Thrown out of a poll that would have to wait, where {@link MemoryIo#settle} asks for that. */
    static final class WouldWait extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WouldWait() {
            super("would wait", null, false, false);
        }
    }

    private final MemoryIo io;
    private List<MemoryKey> queued = new ArrayList<>();
    private List<MemoryKey> looking = new ArrayList<>();
    private final WouldWait wouldWait = new WouldWait(); // one for all times: it has no trace
    private boolean isWoken;

    MemoryPoller(MemoryIo io) {
        this.io = io;
    }

    void queue(MemoryKey key) {
        queued.add(key);
    }

    /** Whether a poll has something to tell. */
    boolean isReady() {
        if (isWoken) {
            return true;
        }
        for (int i = 0; i < queued.size(); i++) {
            if (queued.get(i).isReady()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int poll(long timeoutNs) {
        if (timeoutNs > 0 && io.isStrict() && !isReady()) {
            throw wouldWait;
        }
        io.calls().onCall(IoCall.POLL);
        isWoken = false;
        List<MemoryKey> keys = queued;
        queued = looking;
        looking = keys;
        int told = 0;
        for (int i = 0; i < keys.size(); i++) {
            MemoryKey key = keys.get(i);
            key.unqueue();
            if (!key.isAttachedTo(this)) {
                continue;
            }
            if (key.applyInterest()) {
                io.calls().onCall(IoCall.INTEREST);
            }
            if (key.isReady()) {
                key.touched(); // Readiness is a state: it is looked at again until it is gone.
                key.tell();
                told++;
            }
        }
        keys.clear();
        return told;
    }

    @Override
    public void wakeup() {
        io.calls().onCall(IoCall.WAKEUP);
        isWoken = true;
    }

    @Override
    public void close() {
        queued.clear();
    }
}
