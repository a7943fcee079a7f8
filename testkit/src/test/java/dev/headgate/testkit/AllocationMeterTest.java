package dev.headgate.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AllocationMeterTest {
    @Test
    void countsSmallObjectsOfAnotherThread() {
        var go = new CountDownLatch(1);
        var done = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var kept = new AtomicReference<byte[]>();
        var thread = Thread.ofPlatform().name("metered-thread").start(() -> {
            Await.open("go", go);
            for (int i = 0; i < 1000; i++) {
                kept.set(new byte[16]);
            }
            done.countDown();
            Await.open("end", end);
        });
        long[] ids = AllocationMeter.threadIds("metered-");
        var meter = AllocationMeter.start(ids);
        go.countDown();
        Await.open("done", done);
        long bytes = meter.bytes();
        end.countDown();
        assertArrayEquals(new long[] {thread.threadId()}, ids);
        assertTrue(bytes >= 1000 * 24, () -> "counted " + bytes);
    }

    @Test
    void refusesToMeasureNobody() {
        assertThrows(IllegalArgumentException.class, AllocationMeter::start);
    }
}
