package dev.headgate.bench.fault.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headgate.bench.fault.Act;
import dev.headgate.bench.fault.FaultStep;
import dev.headgate.bench.fault.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirectorTest {
    private static final long MS = 1_000_000;

    private final ManualTime time = new ManualTime();
    private final List<String> played = new ArrayList<>();

    /** Goes on when somebody waits for it. */
    private static final class ManualTime implements Director.Time {
        private long nowNs;
        private long interruptedAtNs = Long.MAX_VALUE;

        @Override
        public long nowNs() {
            return nowNs;
        }

        @Override
        public void awaitNs(long ns) throws InterruptedException {
            if (ns >= interruptedAtNs) throw new InterruptedException();
            nowNs = Math.max(nowNs, ns);
        }
    }

    private static FaultStep step(int ms, int origin, Act act) {
        return new FaultStep(Duration.ofMillis(ms), origin, act);
    }

    @Test
    void playsEachStepAtItsTime() throws Exception {
        List<FaultStep> steps = List.of(step(100, 0, Act.KILL), step(500, 1, Act.STOP), step(900, 0, Act.START));
        Director.Span span = new Director(steps, time, (origin, act) -> {
                    played.add(time.nowNs / MS + " " + origin + " " + act);
                    if (act == Act.START) time.nowNs += 300 * MS;
                })
                .direct();
        assertEquals(List.of("100 0 KILL", "500 1 STOP", "900 0 START"), played);
        assertEquals(new Director.Span(100 * MS, 1200 * MS), span);
    }

    @Test
    void isLateWhereAStepTakesLong() throws Exception {
        List<FaultStep> steps = List.of(step(100, 0, Act.START), step(200, 1, Act.STOP));
        new Director(steps, time, (_, act) -> {
                    played.add(time.nowNs / MS + " " + act);
                    time.nowNs += 300 * MS;
                })
                .direct();
        assertEquals(List.of("100 START", "400 STOP"), played);
    }

    @Test
    void endsWithAStepThatCannotBeDone() {
        List<FaultStep> steps = List.of(step(100, 0, Act.STOP), step(200, 0, Act.CONTINUE));
        Director director = new Director(steps, time, (_, act) -> {
            played.add(act.name());
            throw new IOException("no such signal");
        });
        assertThrows(IOException.class, director::direct);
        assertEquals(List.of("STOP"), played);
    }

    @Test
    void samplesAtAnEvenPaceAndOnceMoreInTheEnd() {
        time.interruptedAtNs = 60 * MS;
        Sampler sampler = new Sampler(time, atNs -> new Sample(atNs, List.of(), 0));
        sampler.run();
        assertEquals(
                List.of(0L, 20 * MS, 40 * MS, 40 * MS),
                sampler.samples().stream().map(Sample::atNs).toList());
    }
}
