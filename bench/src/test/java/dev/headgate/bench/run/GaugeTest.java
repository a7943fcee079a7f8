package dev.headgate.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.load.LoadObserver.Phase;
import dev.headgate.bench.machine.FakeProc;
import dev.headgate.bench.run.Gauge.MemoryMoment;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GaugeTest {
    private static final long OURS = ProcessHandle.current().pid();
    private static final long TARGET = OURS + 1;
    private static final long WORKER = OURS + 2;
    private static final long NEWCOMER = OURS + 3;

    @TempDir
    Path root;

    private final List<Gauge> gauges = new ArrayList<>();
    private FakeProc proc;

    @BeforeEach
    void beginWithATargetAndAWorkerOfOurs() throws IOException {
        proc = new FakeProc(root);
        proc.process(OURS, 1, 100, 0, 5);
        proc.process(TARGET, OURS, 50, 0, 6);
        proc.process(WORKER, OURS, 20, 0, 6);
        proc.machine(1000);
    }

    @AfterEach
    void closeAll() {
        gauges.forEach(Gauge::close);
    }

    private Gauge gauge(MemoryMoment moment) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Gauge gauge = new Gauge(proc.files(), TARGET, moment, 0, new ProgressLine(nowhere, false, () -> 0));
        gauges.add(gauge);
        return gauge;
    }

    @Test
    void countsTheTargetWithWhatItStartedMeanwhile() throws IOException {
        Gauge gauge = gauge(MemoryMoment.NEVER);
        gauge.onPhase(Phase.MEASURING);
        proc.process(TARGET, OURS, 57, 0, 6);
        proc.process(NEWCOMER, TARGET, 3, 0, 7);
        gauge.onPhase(Phase.DRAINING);
        assertEquals(OptionalDouble.of(10 * 10_000), gauge.cpuUs());
    }

    @Test
    void othersAreWhatIsNotOurs() throws IOException {
        Gauge gauge = gauge(MemoryMoment.NEVER);
        gauge.onPhase(Phase.MEASURING);
        proc.process(WORKER, OURS, 1020, 0, 6);
        proc.machine(2000);
        gauge.onPhase(Phase.DRAINING);
        assertEquals(OptionalDouble.of(0), gauge.othersPercent());
        proc.machine(3000);
        Gauge busier = gauge(MemoryMoment.NEVER);
        busier.onPhase(Phase.MEASURING);
        proc.machine(4000);
        busier.onPhase(Phase.DRAINING);
        assertTrue(busier.othersPercent().orElseThrow() > 0);
    }

    @Test
    void generatorAndOriginAreWhatIsOursBesideTheTarget() throws IOException {
        Gauge idle = gauge(MemoryMoment.NEVER);
        idle.onPhase(Phase.MEASURING);
        proc.process(TARGET, OURS, 1050, 0, 6);
        idle.onPhase(Phase.DRAINING);
        assertEquals(OptionalDouble.of(0), idle.loadPercent());
        Gauge busy = gauge(MemoryMoment.NEVER);
        busy.onPhase(Phase.MEASURING);
        proc.process(WORKER, OURS, 1020, 0, 6);
        busy.onPhase(Phase.DRAINING);
        assertTrue(busy.loadPercent().orElseThrow() > 0);
    }

    @Test
    void whatCannotBeReadIsMissing() throws IOException {
        Gauge gauge = gauge(MemoryMoment.AT_THE_END);
        gauge.onPhase(Phase.MEASURING);
        proc.end(TARGET);
        gauge.onPhase(Phase.DRAINING);
        assertEquals(OptionalDouble.empty(), gauge.cpuUs());
        assertEquals(OptionalDouble.empty(), gauge.othersPercent());
        assertEquals(OptionalDouble.empty(), gauge.memoryMib());
        assertEquals(OptionalDouble.empty(), gauge.loadPercent());
    }

    @Test
    void readsMemoryAtItsMoment() throws IOException {
        proc.memory(TARGET, 2048);
        Gauge gauge = gauge(MemoryMoment.AT_THE_END);
        gauge.onPhase(Phase.MEASURING);
        assertEquals(OptionalDouble.empty(), gauge.memoryMib());
        gauge.onPhase(Phase.DRAINING);
        assertEquals(OptionalDouble.of(2), gauge.memoryMib());
    }
}
