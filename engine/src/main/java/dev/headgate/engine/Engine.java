package dev.headgate.engine;

import dev.headgate.engine.buffer.MemoryBudget;
import dev.headgate.engine.io.Io;
import dev.headgate.engine.loop.BoundListener;
import dev.headgate.engine.loop.ConnectionPermits;
import dev.headgate.engine.loop.LoopCore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A set of event loops and the listeners that feed them. Several engines may live in one JVM.
 *
 * <p>{@link #close} stops the loops without waiting for them; {@link #awaitTermination} waits.
 */
@AnyThread
public final class Engine implements AutoCloseable {
    private final EngineOptions options;
    private final List<LoopCore> loops;
    private final MemoryBudget budget;
    private final ConnectionPermits permits;

    private Engine(EngineOptions options, List<LoopCore> loops, MemoryBudget budget) {
        this.options = options;
        this.loops = List.copyOf(loops);
        this.budget = budget;
        this.permits = new ConnectionPermits(options.connectionsMax());
    }

    /**
     * Starts the loops.
     *
     * @throws IOException when the system gives no poller
     */
    public static Engine start(EngineOptions options) throws IOException {
        MemoryBudget budget = new MemoryBudget(options.bufferBudgetBytes());
        List<LoopCore> loops = new ArrayList<>(options.loops());
        boolean isComplete = false;
        try {
            for (int index = 0; index < options.loops(); index++) {
                loops.add(new LoopCore(index, options, budget));
            }
            isComplete = true;
        } finally {
            if (!isComplete) {
                loops.forEach(LoopCore::discard);
            }
        }
        for (LoopCore loop : loops) {
            loop.start();
        }
        return new Engine(options, loops, budget);
    }

    /** How many loops there are. */
    public int loops() {
        return loops.size();
    }

    /** The loop of that {@link EventLoop#index}. */
    public EventLoop loop(int index) {
        return loops.get(index);
    }

    /** The outside world as the engine sees it, for the work that its embedder does beside the loops. */
    public Io io() {
        return options.io();
    }

    /** Direct memory that the loops' pools have reserved together. */
    public long reservedBufferBytes() {
        return budget.reservedBytes();
    }

    /** Open connections that came from listeners. */
    public int openConnections() {
        return permits.open();
    }

    /**
     * Listens at an address. Connections are accepted from here on.
     *
     * @param factory makes a handler per connection
     * @throws java.net.BindException when the address is taken or not local
     */
    public Listener listen(ListenOptions listenOptions, HandlerFactory factory) throws IOException {
        return BoundListener.open(listenOptions, factory, loops, permits, options);
    }

    /** Stops the loops. Connections end with {@link CloseCause#LOOP_STOPPED}, listeners close. */
    @Override
    public void close() {
        loops.forEach(LoopCore::stop);
    }

    /**
     * Waits until the loops have stopped.
     *
     * @return whether they have; false when {@code timeout} went by first
     */
    public boolean awaitTermination(Duration timeout) throws InterruptedException {
        long deadlineNs = options.io().clock().monotonicNs() + timeout.toNanos();
        for (LoopCore loop : loops) {
            if (!loop.awaitTermination(
                    Math.max(0, deadlineNs - options.io().clock().monotonicNs()))) {
                return false;
            }
        }
        return true;
    }
}
