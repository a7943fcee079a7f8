package dev.headgate.engine.loop;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.io.Poller;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Commands from other threads to one loop.
 *
 * <p>Waking costs an event-file write by the producer and a read by the loop, so it happens only when the loop says that it sleeps:
 * <pre>
 *   loop                                 producer
 *   1. asleep = true                     1. queue.offer(command)
 *   2. queue empty? else do not wait     2. asleep? then, if compare-and-set to false, wakeup
 *   3. poll; 4. asleep = false
 * </pre>
 * Both first steps are followed by a volatile access of the other side's second step, so in every interleaving either the loop sees the
 * command before it waits or the producer sees that it sleeps. Of several producers, the one whose compare-and-set succeeds wakes.
 *
 * <p>When the bounded queue is full, {@link #offer} answers false and the caller decides. The engine's own control commands, a handful per
 * listener, and results of work that was begun elsewhere for the loop go through a second queue that never refuses, or a loop that is
 * swamped could not be told to stop listening.
 */
final class LoopMailbox {
    private static final int CONTROL_CHUNK = 16;

    private final Poller poller;
    private final MpscVarHandleArrayQueue<Runnable> commands;
    private final MpscUnboundedVarHandleArrayQueue<Runnable> control =
            new MpscUnboundedVarHandleArrayQueue<>(CONTROL_CHUNK);
    private final AtomicBoolean asleep = new AtomicBoolean();

    LoopMailbox(Poller poller, int capacity) {
        this.poller = poller;
        this.commands = new MpscVarHandleArrayQueue<>(capacity);
    }

    @AnyThread
    boolean offer(Runnable command) {
        if (!commands.offer(command)) {
            return false;
        }
        wakeIfAsleep();
        return true;
    }

    @AnyThread
    void offerControl(Runnable command) {
        control.offer(command);
        wakeIfAsleep();
    }

    @AnyThread
    void wakeIfAsleep() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            poller.wakeup();
        }
    }

    @LoopConfined
    boolean isEmpty() {
        return commands.isEmpty() && control.isEmpty();
    }

    /** The next command, control first; null when there is none. */
    @LoopConfined
    @Nullable
    Runnable poll() {
        Runnable first = control.poll();
        return first != null ? first : commands.poll();
    }

    /** The loop is about to wait. Volatile store; pairs with the read in {@link #wakeIfAsleep}. */
    @LoopConfined
    void fallAsleep() {
        asleep.set(true);
    }

    /** The wait is over. Ordering does not matter: a producer that misses it makes one wake-up too many. */
    @LoopConfined
    void awake() {
        asleep.setOpaque(false);
    }
}
