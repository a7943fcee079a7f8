package dev.headgate.bench.parts;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What does a command cost on its way through the queue of a mailbox, and through those of the JDK, eight at a time and uncontended? */
@State(Scope.Thread)
public class MailboxBench {
    private static final int BATCH = 8;
    private static final int CAPACITY = 1024;

    private final Runnable command = () -> {};
    private final Queue<Runnable> mpsc = new MpscVarHandleArrayQueue<>(CAPACITY);
    private final Queue<Runnable> linked = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> locked = new ArrayBlockingQueue<>(CAPACITY);

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int mpscArray() {
        return passThrough(mpsc);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int concurrentLinked() {
        return passThrough(linked);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int arrayBlocking() {
        return passThrough(locked);
    }

    private int passThrough(Queue<Runnable> queue) {
        for (int i = 0; i < BATCH; i++) {
            queue.offer(command);
        }
        int taken = 0;
        while (queue.poll() != null) {
            taken++;
        }
        return taken;
    }
}
