package dev.headgate.observe;

import dev.headgate.engine.AnyThread;
import dev.headgate.engine.LoopConfined;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** What the look-ups of names have come to. Few, and of one loop, so that plain atomic counters do. */
@AnyThread
public final class DnsMetrics {
    private final AtomicLong queries = new AtomicLong();
    private final AtomicLong overTcp = new AtomicLong();
    private final AtomicLong timeouts = new AtomicLong();
    private final AtomicLong foreign = new AtomicLong();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLongArray failures = new AtomicLongArray(DnsFailure.values().length);

    DnsMetrics() {}

    /** A query goes to a server, over UDP or TCP. */
    @LoopConfined
    public void onQuery() {
        queries.incrementAndGet();
    }

    /** The query that was just counted goes over TCP. */
    @LoopConfined
    public void onTcp() {
        overTcp.incrementAndGet();
    }

    /** A server has not answered a query in time. */
    @LoopConfined
    public void onTimeout() {
        timeouts.incrementAndGet();
    }

    /** A datagram was no answer to the query that it came to. */
    @LoopConfined
    public void onForeign() {
        foreign.incrementAndGet();
    }

    /** A look-up has brought something. */
    public void onAnswer() {
        answers.incrementAndGet();
    }

    /** A look-up has brought nothing. */
    public void onFailure(DnsFailure kind) {
        failures.incrementAndGet(kind.ordinal());
    }

    MetricsSnapshot.Dns snapshot() {
        long[] byKind = new long[failures.length()];
        for (int i = 0; i < byKind.length; i++) {
            byKind[i] = failures.get(i);
        }
        return new MetricsSnapshot.Dns(
                queries.get(), overTcp.get(), timeouts.get(), foreign.get(), answers.get(), byKind);
    }
}
