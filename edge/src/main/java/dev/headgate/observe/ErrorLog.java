package dev.headgate.observe;

import dev.headgate.engine.AnyThread;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * Events that someone should know of, as lines of keys and values through a {@link System.Logger}:
 * {@code event=upstream_connect_failed upstream=app endpoint=10.0.0.11:8080 failure=refused}.
 *
 * <p>Any thread reports; the agent that calls {@link #doWork} formats and writes. Of one kind at most
 * {@link #EVENTS_PER_SECOND_MAX} are shown per second, the others are counted and told as {@code suppressed=n} once a second. At
 * most {@link #QUEUE_CAPACITY} events wait; what does not fit is dropped and counted.
 */
public final class ErrorLog {
    public static final int EVENTS_PER_SECOND_MAX = 10;
    public static final int QUEUE_CAPACITY = 1024;

    private static final long SECOND_NS = 1_000_000_000L;
    private static final int DRAIN_MAX = 64; // events per doWork, for the other work of the agent

    private final System.Logger logger;
    private final LogEvent[] kinds = LogEvent.values(); // looked through each second, and each call makes a copy
    private final LongSupplier clockNs;
    private final MpscVarHandleArrayQueue<Event> queue = new MpscVarHandleArrayQueue<>(QUEUE_CAPACITY);
    private final Map<LogEvent, EventLimiter> limiters = new EnumMap<>(LogEvent.class);
    private final AtomicLong droppedEvents = new AtomicLong();

    // The agent's.
    private long droppedEventsTold;
    private long nextSummaryNs;

    /** An event on its way to the agent; the values are immutable. */
    private record Event(LogEvent kind, List<Object> keysAndValues) {}

    /**
     * @param logger called by the agent only, except for {@code isLoggable}
     * @param clockNs the monotonic clock
     */
    public ErrorLog(System.Logger logger, LongSupplier clockNs) {
        this.logger = logger;
        this.clockNs = clockNs;
        long nowNs = clockNs.getAsLong();
        this.nextSummaryNs = nowNs + SECOND_NS;
        for (LogEvent kind : kinds) {
            limiters.put(kind, new EventLimiter(EVENTS_PER_SECOND_MAX, nowNs));
        }
    }

    /** Reports {@code kind} without keys. */
    @AnyThread
    public void report(LogEvent kind) {
        if (isAdmitted(kind)) {
            enqueue(kind, List.of());
        }
    }

    /**
     * Reports {@code kind} with one key. The value is immutable, or an exception, and made text by the agent; of an exception
     * its first frames are told too.
     */
    @AnyThread
    public void report(LogEvent kind, String key, Object value) {
        if (isAdmitted(kind)) {
            enqueue(kind, List.of(key, value));
        }
    }

    /** Reports {@code kind} with two keys. */
    @AnyThread
    public void report(LogEvent kind, String key1, Object value1, String key2, Object value2) {
        if (isAdmitted(kind)) {
            enqueue(kind, List.of(key1, value1, key2, value2));
        }
    }

    /** Reports {@code kind} with three keys. */
    @AnyThread
    public void report(
            LogEvent kind, String key1, Object value1, String key2, Object value2, String key3, Object value3) {
        if (isAdmitted(kind)) {
            enqueue(kind, List.of(key1, value1, key2, value2, key3, value3));
        }
    }

    /** Reports {@code kind} with four keys. */
    @AnyThread
    public void report(
            LogEvent kind,
            String key1,
            Object value1,
            String key2,
            Object value2,
            String key3,
            Object value3,
            String key4,
            Object value4) {
        if (isAdmitted(kind)) {
            enqueue(kind, List.of(key1, value1, key2, value2, key3, value3, key4, value4));
        }
    }

    /**
     * Writes events that wait. Called by the agent.
     *
     * @return the number of lines written
     */
    public int doWork(long nowNs) {
        int lines = drain();
        if (nowNs - nextSummaryNs >= 0) {
            nextSummaryNs = nowNs + SECOND_NS;
            lines += writeSummaries();
        }
        return lines;
    }

    /** Writes all that is left. Called when the agent calls {@link #doWork} no more. */
    public void close() {
        while (drain() > 0) {
            // until the queue is empty
        }
        writeSummaries();
    }

    /** Events that found the queue full. */
    @AnyThread
    public long droppedEvents() {
        return droppedEvents.get();
    }

    private boolean isAdmitted(LogEvent kind) {
        return logger.isLoggable(kind.level()) && limiter(kind).tryAdmit(clockNs.getAsLong());
    }

    private EventLimiter limiter(LogEvent kind) {
        return Objects.requireNonNull(limiters.get(kind));
    }

    private void enqueue(LogEvent kind, List<Object> keysAndValues) {
        if (!queue.offer(new Event(kind, keysAndValues))) {
            droppedEvents.incrementAndGet();
        }
    }

    private int drain() {
        int lines = 0;
        while (lines < DRAIN_MAX) {
            Event event = queue.poll();
            if (event == null) {
                break;
            }
            write(event.kind(), event.keysAndValues());
            lines++;
        }
        return lines;
    }

    private int writeSummaries() {
        int lines = 0;
        for (LogEvent kind : kinds) {
            long suppressed = limiter(kind).takeSuppressed();
            if (suppressed > 0) {
                write(kind, List.of("suppressed", suppressed));
                lines++;
            }
        }
        long dropped = droppedEvents.get();
        if (dropped != droppedEventsTold) {
            write(LogEvent.ERROR_LOG_DROPPED, List.of("dropped", dropped - droppedEventsTold));
            droppedEventsTold = dropped;
            lines++;
        }
        return lines;
    }

    private void write(LogEvent kind, List<Object> keysAndValues) {
        StringBuilder line = new StringBuilder(128);
        line.append("event=").append(kind.token());
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            line.append(' ').append(keysAndValues.get(i)).append('=');
            EventText.appendValue(line, EventText.textOf(keysAndValues.get(i + 1)));
        }
        logger.log(kind.level(), line.toString());
    }
}
