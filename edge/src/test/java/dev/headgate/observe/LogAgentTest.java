package dev.headgate.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.Runner;
import dev.headgate.engine.io.nio.NioIo;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LogAgentTest {
    private final MemorySink sink = new MemorySink();
    private final RecordingLogger logger = new RecordingLogger();
    private final ErrorLog errors = new ErrorLog(logger, () -> 0);
    private final AccessLog access = new AccessLog(AccessLog.Format.COMMON, sink, 1, 2 * AccessLog.BLOCK_BYTES, errors);
    private final LogAgent agent = new LogAgent(access, errors);

    @Test
    void writesBothLogsInOneCycle() {
        access.writer(0).write(Records.usual());
        access.writer(0).flush();
        errors.report(LogEvent.OVERLOADED);

        assertEquals(2, agent.doWork(0));
        assertEquals(0, agent.doWork(0));
        assertEquals(1, sink.lines());
        assertEquals(1, logger.lines.size());
    }

    @Test
    void writesWhatIsLeftBeforeItEnds() {
        access.writer(0).write(Records.usual());
        errors.report(LogEvent.STOPPED);
        agent.stop();

        assertEquals(DutyCycle.DONE, agent.doWork(0));
        assertEquals(1, sink.lines());
        assertTrue(sink.closed);
        assertEquals(List.of("INFO event=stopped"), logger.lines);
    }

    @Test
    void worksWithoutAnAccessLog() {
        LogAgent alone = new LogAgent(null, errors);
        errors.report(LogEvent.OVERLOADED);

        assertEquals(1, alone.doWork(0));
        alone.stop();
        assertEquals(DutyCycle.DONE, alone.doWork(0));
    }

    @Test
    void reportsItsOwnFailures() {
        agent.onFailure(new IllegalStateException("x"));
        agent.doWork(0);

        String line = logger.lines.getFirst();
        assertTrue(
                line.startsWith("ERROR event=internal_failure where=\"log agent\" failure=\"java.lang."
                        + "IllegalStateException: x at dev.headgate.observe.LogAgentTest.reportsItsOwnFailures("),
                line);
    }

    @Test
    @Timeout(30)
    void runsOnTheEnginesRunnerUntilStopped() throws InterruptedException {
        Runner runner = new NioIo().runner("logs", agent, 1_000_000);
        access.writer(0).write(Records.usual());
        access.writer(0).flush();
        runner.start();
        agent.stop();
        runner.wakeup();

        assertTrue(runner.awaitTermination(20_000_000_000L));
        assertEquals(1, sink.lines());
    }
}
