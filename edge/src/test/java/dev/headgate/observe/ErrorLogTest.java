package dev.headgate.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.ThreatRow;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ErrorLogTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final RecordingLogger logger = new RecordingLogger();
    private long nowNs = Long.MAX_VALUE - SECOND_NS / 2; // the clock wraps soon
    private final ErrorLog log = new ErrorLog(logger, () -> nowNs);

    @Test
    void writesEventsAsKeysAndValues() {
        log.report(LogEvent.STARTED);
        log.report(LogEvent.UPSTREAM_NO_ENDPOINT, "upstream", "app");
        log.report(LogEvent.ACCEPT_FAILED, "listener", "web", "failure", "Too many open files");
        log.report(LogEvent.UPSTREAM_CONNECT_FAILED, "upstream", "app", "endpoint", "10.0.0.11:8080", "failure", 111);
        assertEquals(List.of(), logger.lines);

        assertEquals(4, log.doWork(nowNs));

        assertEquals(
                List.of(
                        "INFO event=started",
                        "WARNING event=upstream_no_endpoint upstream=app",
                        "ERROR event=accept_failed listener=web failure=\"Too many open files\"",
                        "WARNING event=upstream_connect_failed upstream=app endpoint=10.0.0.11:8080 failure=111"),
                logger.lines);
    }

    @ThreatRow("DOS-13")
    @Test
    void dos_13_showsSoManyOfAKindPerSecondAndCountsTheOthers() {
        for (int i = 0; i < ErrorLog.EVENTS_PER_SECOND_MAX - 1; i++) {
            log.report(LogEvent.UPSTREAM_FAILED);
        }
        log.report(LogEvent.UPSTREAM_FAILED, "n", ErrorLog.EVENTS_PER_SECOND_MAX);
        log.report(LogEvent.UPSTREAM_FAILED, "n", ErrorLog.EVENTS_PER_SECOND_MAX + 1);
        log.report(LogEvent.UPSTREAM_FAILED, "n", ErrorLog.EVENTS_PER_SECOND_MAX + 2);
        log.report(LogEvent.OVERLOADED); // another kind has its own measure

        assertEquals(ErrorLog.EVENTS_PER_SECOND_MAX + 1, log.doWork(nowNs));
        nowNs += SECOND_NS;
        log.report(LogEvent.UPSTREAM_FAILED, "n", 13);
        assertEquals(2, log.doWork(nowNs));

        assertEquals("WARNING event=upstream_failed n=10", logger.lines.get(9));
        assertEquals(
                List.of(
                        "WARNING event=overloaded",
                        "WARNING event=upstream_failed n=13",
                        "WARNING event=upstream_failed suppressed=2"),
                logger.lines.subList(10, 13));
    }

    @Test
    void tellsOfWhatIsHeldBackWhileAStormGoesOn() {
        for (int second = 0; second < 3; second++) {
            for (int i = 0; i < 100; i++) {
                log.report(LogEvent.UPSTREAM_FAILED);
            }
            nowNs += SECOND_NS;
            assertEquals(ErrorLog.EVENTS_PER_SECOND_MAX + 1, log.doWork(nowNs));
            assertEquals("WARNING event=upstream_failed suppressed=90", logger.lines.getLast());
        }
    }

    @Test
    void dropsAndCountsWhatTheQueueDoesNotTake() {
        int kept = 0;
        for (int second = 0; kept < ErrorLog.QUEUE_CAPACITY; second++) {
            for (int i = 0; i < ErrorLog.EVENTS_PER_SECOND_MAX && kept < ErrorLog.QUEUE_CAPACITY; i++) {
                log.report(LogEvent.OVERLOADED);
                kept++;
            }
            nowNs += SECOND_NS;
        }
        assertEquals(0, log.droppedEvents());
        log.report(LogEvent.OVERLOADED);
        assertEquals(1, log.droppedEvents());
        log.close();

        assertEquals(ErrorLog.QUEUE_CAPACITY + 1, logger.lines.size());
        assertEquals("WARNING event=error_log_dropped dropped=1", logger.lines.getLast());
    }

    @Test
    void leavesTheLevelToTheLogger() {
        logger.lowest = Level.WARNING;
        log.report(LogEvent.STARTED);
        log.report(LogEvent.OVERLOADED);
        log.close();

        assertEquals(List.of("WARNING event=overloaded"), logger.lines);
    }

    @Test
    void boundsTheWorkOfOneCycle() {
        int reported = 0;
        for (LogEvent event : LogEvent.values()) {
            for (int i = 0; i < ErrorLog.EVENTS_PER_SECOND_MAX; i++) {
                log.report(event);
                reported++;
            }
        }
        assertTrue(reported > 64);

        assertEquals(64, log.doWork(nowNs));
        log.close();
        assertEquals(reported, logger.lines.size());
    }

    @Test
    @Timeout(60)
    void losesNoCountWhenManyThreadsReport() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        int perThread = 10_000;
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < perThread; n++) {
                    log.report(LogEvent.UPSTREAM_FAILED);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        log.close();

        assertEquals(ErrorLog.EVENTS_PER_SECOND_MAX + 1, logger.lines.size());
        long suppressed = 4L * perThread - ErrorLog.EVENTS_PER_SECOND_MAX;
        assertEquals("WARNING event=upstream_failed suppressed=" + suppressed, logger.lines.getLast());
    }
}
