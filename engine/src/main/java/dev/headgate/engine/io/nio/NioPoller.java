package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.Poller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;

/**
 * A selector. It is its own constant consumer, for {@code select(Consumer)} allocates nothing per event where iterating the selected keys
 * costs 70 bytes.
 */
final class NioPoller implements Poller, Consumer<SelectionKey> {
    private static final long NS_PER_MS = 1_000_000;

    private final Selector selector;

    NioPoller() throws IOException {
        selector = Selector.open();
    }

    @Override
    public int poll(long timeoutNs) {
        try {
            int told = select(timeoutNs);
            if (told == 0) {
                // An interrupt would make every later select return at once; loops are stopped by their flag, so it
                // means nothing here.
                Thread.interrupted();
            }
            return told;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails in one way only, also where the channel would answer with an unchecked exception, as with a closed selector. */
    SelectionKey register(SelectableChannel channel, int ops, Pollable pollable) throws IOException {
        try {
            return channel.register(selector, ops, pollable);
        } catch (RuntimeException e) {
            throw new IOException("cannot be watched: " + e, e);
        }
    }

    private int select(long timeoutNs) throws IOException {
        if (timeoutNs <= 0) {
            return selector.selectNow(this);
        }
        if (timeoutNs == FOREVER) {
            return selector.select(this);
        }
        // Rounded up: waking before a timer's tick would only mean another cycle.
        return selector.select(this, (timeoutNs - 1) / NS_PER_MS + 1);
    }

    /** An exception out of here would drop the rest of the batch, so none gets out. */
    @Override
    public void accept(SelectionKey key) {
        if (!key.isValid()) {
            return; // Closed earlier in this batch.
        }
        Pollable pollable = (Pollable) key.attachment();
        try {
            pollable.onReady(key.readyOps());
        } catch (Throwable failure) {
            pollable.onReadyFailed(failure);
        }
    }

    /** Under a lock with {@link #close}: a late wake-up must not write to a descriptor that has found another use. */
    @Override
    public synchronized void wakeup() {
        if (selector.isOpen()) {
            selector.wakeup();
        }
    }

    @Override
    public synchronized void close() {
        try {
            selector.selectNow(); // Sockets closed since the last poll keep their descriptor until a poll.
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
