package dev.headgate.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.AllocationMeter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AccessLogTest {
    private static final long TICK_NS = AccessLogWriter.HAND_OVER_NS;
    private static final long START_NS = Long.MAX_VALUE - 3 * TICK_NS; // the clock wraps in the middle of each test

    private final MemorySink sink = new MemorySink();
    private final RecordingLogger logger = new RecordingLogger();
    private final ErrorLog errors = new ErrorLog(logger, () -> START_NS);

    private AccessLog log(int loops, int blocks) {
        return new AccessLog(AccessLog.Format.JSON, sink, loops, blocks * AccessLog.BLOCK_BYTES, errors);
    }

    @Test
    void writesARecordWithinTwoTicks() {
        AccessLog log = log(1, 2);
        AccessLogWriter writer = log.writer(0);
        writer.tick(START_NS);
        writer.write(Records.usual());
        assertTrue(writer.isPending());
        writer.tick(START_NS);
        assertEquals(1, log.doWork(START_NS));

        writer.write(Records.usual());
        writer.tick(START_NS + TICK_NS - 1);
        assertEquals(0, log.doWork(START_NS));
        writer.tick(START_NS + TICK_NS);
        assertEquals(1, log.doWork(START_NS));

        assertFalse(writer.isPending());
        assertEquals(2, sink.lines());
        assertEquals(2, log.writtenRecords());
    }

    @Test
    void handsOverAFullBlockWithoutATick() {
        AccessLog log = log(1, 2);
        int perBlock = fillBlock(log.writer(0));
        assertEquals(1, log.doWork(START_NS));

        assertEquals(perBlock, sink.lines());
        assertTrue(perBlock > 80, "records per block: " + perBlock);
    }

    @Test
    void dropsAndCountsWhatDoesNotFitAndGoesOnWhenThereIsRoomAgain() {
        AccessLog log = log(1, 2);
        AccessLogWriter writer = log.writer(0);
        int written = 0;
        while (writer.write(Records.usual())) {
            written++;
        }
        assertFalse(writer.write(Records.usual()));
        assertEquals(2, log.droppedRecords());

        while (log.doWork(START_NS) > 0) {
            // until the agent has caught up
        }
        assertTrue(writer.write(Records.usual()));
        writer.flush();
        log.doWork(START_NS);

        assertEquals(written + 1, sink.lines());
        assertEquals(written + 1, log.writtenRecords());
        assertEquals(2, log.droppedRecords());
    }

    @Test
    void hasAtLeastTwoBlocksPerLoop() {
        AccessLog log = log(1, 0);
        fillBlock(log.writer(0));

        assertEquals(0, log.droppedRecords());
    }

    @Test
    void keepsEveryLoopsRecordsInOrderAndNoLoopWaiting() {
        AccessLog log = log(3, 4);
        for (int round = 0; round < 3; round++) {
            for (int loop = 0; loop < 3; loop++) {
                AccessRecord record = new AccessRecord();
                record.attempts = loop;
                record.status = 200 + round;
                log.writer(loop).write(record);
                log.writer(loop).flush();
            }
        }
        assertEquals(3, log.doWork(START_NS)); // one block of each loop
        assertEquals(3, sink.lines());
        log.doWork(START_NS);
        log.doWork(START_NS);

        for (int loop = 0; loop < 3; loop++) {
            String own = "\"attempts\":" + loop + ",";
            List<String> lines =
                    sink.text().lines().filter(line -> line.contains(own)).toList();
            assertEquals(3, lines.size());
            for (int round = 0; round < 3; round++) {
                assertTrue(lines.get(round).contains("\"status\":" + (200 + round)), lines.get(round));
            }
        }
    }

    @Test
    void writesOnThroughShortWrites() {
        AccessLog log = log(1, 2);
        sink.writeBytesMax = 7;
        log.writer(0).write(Records.usual());
        log.writer(0).flush();
        log.doWork(START_NS);

        assertEquals(1, sink.lines());
    }

    @Test
    void keepsItsPlaceToTheByteWhenTheDiskIsFull() {
        AccessLog log = log(1, 2);
        AccessLogWriter writer = log.writer(0);
        sink.roomBytes = 700; // one record and a half
        for (int i = 0; i < 3; i++) {
            writer.write(Records.usual());
        }
        writer.flush();

        assertEquals(0, log.doWork(START_NS));
        int attempts = sink.attempts;
        assertEquals(0, log.doWork(START_NS + AccessLog.RETRY_NS - 1));
        assertEquals(attempts, sink.attempts);
        assertEquals(0, log.doWork(START_NS + AccessLog.RETRY_NS));
        assertEquals(2, log.writeFailures());
        assertEquals(0, log.writtenRecords());

        sink.roomBytes = Integer.MAX_VALUE;
        assertEquals(1, log.doWork(START_NS + 2 * AccessLog.RETRY_NS));

        assertEquals(3, log.writtenRecords());
        assertEquals(3, sink.lines());
        sink.text().lines().forEach(line -> StrictJson.parse(line.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void tellsOfAFailureOnceAndOfTheRecovery() {
        AccessLog log = log(1, 2);
        sink.roomBytes = 0;
        log.writer(0).write(Records.usual());
        log.writer(0).flush();
        for (int i = 0; i < 5; i++) {
            log.doWork(START_NS + i * AccessLog.RETRY_NS);
        }
        sink.roomBytes = Integer.MAX_VALUE;
        log.doWork(START_NS + 5 * AccessLog.RETRY_NS);
        errors.close();

        assertEquals(
                List.of(
                        "ERROR event=access_log_failed failure=\"No space left on device\"",
                        "INFO event=access_log_recovered dropped=0"),
                logger.lines);
    }

    @Test
    void reopensOnDemandAndKeepsTheOldFileWhenThatFails() {
        AccessLog log = log(1, 2);
        log.reopen();
        log.reopen();
        log.doWork(START_NS);
        log.doWork(START_NS);
        assertEquals(1, sink.reopened);

        sink.reopenFails = true;
        log.reopen();
        log.writer(0).write(Records.usual());
        log.writer(0).flush();
        log.doWork(START_NS);
        errors.close();

        assertEquals(1, sink.lines());
        assertEquals(List.of("ERROR event=access_log_reopen_failed failure=\"Permission denied\""), logger.lines);
    }

    @Test
    void writesEverythingThatIsLeftWhenClosed() throws IOException {
        AccessLog log = log(2, 4);
        fillBlock(log.writer(0));
        log.writer(1).write(Records.usual());
        log.close(START_NS);

        assertEquals(log.writtenRecords(), sink.lines());
        assertFalse(log.writer(0).isPending());
        assertFalse(log.writer(1).isPending());
        assertTrue(sink.closed);
    }

    @Test
    void closesEvenWhenTheDestinationFails() throws IOException {
        AccessLog log = log(1, 2);
        sink.roomBytes = 0;
        log.writer(0).write(Records.usual());
        log.close(START_NS);

        assertTrue(sink.closed);
        assertEquals(0, log.writtenRecords());
    }

    @Test
    @Timeout(60)
    void losesNothingBetweenLoopsAndTheAgent() throws Exception {
        AccessLog log = log(2, 3);
        Thread[] loops = new Thread[2];
        int records = 20_000;
        for (int i = 0; i < loops.length; i++) {
            AccessLogWriter writer = log.writer(i);
            loops[i] = Thread.ofPlatform().start(() -> {
                AccessRecord record = Records.usual();
                for (int n = 0; n < records; n++) {
                    writer.write(record);
                }
                writer.flush();
            });
        }
        while (loops[0].isAlive() || loops[1].isAlive()) {
            log.doWork(START_NS);
        }
        log.close(START_NS);

        assertEquals(2L * records, log.writtenRecords() + log.droppedRecords());
        assertEquals(log.writtenRecords(), sink.lines());
    }

    @Test
    void allocatesNothingPerRecord() {
        for (AccessLog.Format format : AccessLog.Format.values()) {
            AccessLog log = new AccessLog(format, new NullSink(), 1, 4 * AccessLog.BLOCK_BYTES, errors);
            AccessRecord record = Records.usual();
            Records.set(record.referer, "https://example.com/\"é\u2028\n");
            writeMany(log, record, 20_000);
            // The meter itself allocates with each reading, about as much as it just did. What the JVM links late on
            // this thread is in
            // one window and not in the next; what a record costs is in all of them.
            long overhead = 0;
            long least = Long.MAX_VALUE;
            for (int window = 0; window < 10 && least > 2 * overhead; window++) {
                AllocationMeter meter =
                        AllocationMeter.start(Thread.currentThread().threadId());
                overhead = meter.bytes();
                writeMany(log, record, 100_000);
                least = Math.min(least, meter.bytes() - overhead);
            }
            assertTrue(least <= 2 * overhead, format + ": " + least);
            assertEquals(0, log.droppedRecords());
        }
    }

    private static void writeMany(AccessLog log, AccessRecord record, int count) {
        AccessLogWriter writer = log.writer(0);
        for (int i = 0; i < count; i++) {
            record.timeMs += 7;
            writer.write(record);
            if ((i & 63) == 0) {
                writer.tick(i * 1_000L);
                log.doWork(i);
            }
        }
    }

    private static int fillBlock(AccessLogWriter writer) {
        int records = 0;
        int length = 0;
        AccessRecord record = Records.usual();
        JsonAccessFormat format = new JsonAccessFormat();
        int lineBytes = Records.format(format, record).length;
        while (length + format.bytesMax(record) <= AccessLog.BLOCK_BYTES) {
            writer.write(record);
            length += lineBytes;
            records++;
        }
        writer.write(record); // begins the next block
        return records;
    }
}
