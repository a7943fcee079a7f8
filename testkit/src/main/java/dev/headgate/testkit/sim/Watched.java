package dev.headgate.testkit.sim;

import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.Poller;
import org.jspecify.annotations.Nullable;

/** A socket as its poller sees it. */
abstract class Watched {
    private final SimIo io;
    private final int number;
    private @Nullable SimPoller poller;
    private @Nullable Pollable pollable;
    private int interest;
    private boolean isDescriptorFree;

    // The poller's.
    boolean isCandidate;
    int batchOps;
    int index;

    Watched(SimIo io, int number) {
        this.io = io;
        this.number = number;
    }

    final SimIo io() {
        return io;
    }

    final int number() {
        return number;
    }

    final int interest() {
        return interest;
    }

    final Pollable pollable() {
        if (pollable == null) {
            throw new AssertionError("not registered");
        }
        return pollable;
    }

    public final void register(Poller owner, Pollable told, int ops) {
        assert poller == null : "registered twice";
        poller = (SimPoller) owner;
        pollable = told;
        interest = ops;
        poller.add(this);
    }

    public final void interest(int ops) {
        interest = ops;
        changed();
    }

    /** What it is ready for, of what is watched. */
    final int watchedReadyOps() {
        return isGone() ? 0 : readyOps(interest);
    }

    /** What it is ready for; {@code watched} is what an error shows as. */
    abstract int readyOps(int watched);

    /** Whether the proxy has closed it. */
    abstract boolean isGone();

    final void changed() {
        if (poller != null) {
            poller.changed(this);
        }
    }

    /** The proxy has just closed it: its descriptor becomes free, with the next poll if a poller knows it. */
    final void onGone() {
        if (poller == null) {
            freeDescriptor();
        } else {
            poller.onGone(this);
        }
    }

    final void freeDescriptor() {
        if (!isDescriptorFree) {
            isDescriptorFree = true;
            io.descriptors().free();
            onDescriptorFree();
        }
    }

    /** Its descriptor has just become free. */
    void onDescriptorFree() {}
}
