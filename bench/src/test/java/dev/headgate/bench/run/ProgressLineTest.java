package dev.headgate.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.load.LoadObserver;
import dev.headgate.bench.load.LoadProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final long SECOND = 1_000_000_000L;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long nowNs = -SECOND;

    private ProgressLine line(boolean isTerminal) {
        PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return new ProgressLine(err, isTerminal, () -> nowNs);
    }

    @Test
    void estimatesByThePaceSoFar() {
        ProgressLine line = line(false);
        line.begin(3, Duration.ofSeconds(30));
        line.next("one", Duration.ofSeconds(10));
        nowNs += 20 * SECOND;
        line.done();
        line.next("two", Duration.ofSeconds(10));
        nowNs += 100 * SECOND;
        line.done();
        line.next("three", Duration.ofSeconds(10));
        assertEquals(
                "[1/3] one, 30 s left\n[2/3] two, 40 s left\n[3/3] three, 1 min 0 s left\n",
                bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void writesOverOneLineOnATerminal() {
        ProgressLine line = line(true);
        line.begin(1, Duration.ofSeconds(3));
        line.next("one", Duration.ofSeconds(3));
        line.onProgress(new LoadProgress(LoadObserver.Phase.WARMING_UP, 0, 0, 64, 1000, 4998.4, 0));
        line.clear();
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("\r\u001b[K[1/1] one: warming up 64 connections, 4,998/s, 3 s left"), text);
        assertTrue(text.endsWith("\r\u001b[K") && !text.contains("\n"), text);
    }

    @Test
    void aRemarkStaysOnATerminalToo() {
        ProgressLine line = line(true);
        line.note("starting nginx");
        line.remark("haproxy is not installed");
        line.note("warming up nginx");
        assertEquals(
                "\r\u001b[Kheadgate bench: starting nginx\r\u001b[Kheadgate bench: haproxy is not installed\n"
                        + "\r\u001b[Kheadgate bench: warming up nginx",
                bytes.toString(StandardCharsets.UTF_8));
    }
}
