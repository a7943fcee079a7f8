package dev.headgate.bench.load;

import com.sun.management.OperatingSystemMXBean;
import dev.headgate.bench.load.LoadObserver.Phase;
import dev.headgate.engine.Engine;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.io.Clock;
import dev.headgate.engine.io.Gate;
import dev.headgate.engine.io.Io;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes load by HTTP/1.1 or HTTP/2 and measures it. One call is one run: connections are opened, load is made and measured, the last answers awaited, idle
 * connections checked, and everything closed.
 *
 * <p>What it costs is a fraction of what it measures: requests are encoded once, heads decoded in place by the project's own strict decoder, content
 * counted, and nothing is allocated per request. Where it is the bottleneck, the processor time in the result says so.
 */
public final class LoadGenerator {
    private static final long SECOND_NS = 1_000_000_000L;

    /** Between the opening and the first due time: all loops have the timetable by then. */
    private static final long LEAD_NS = 20_000_000;

    private static final long TIMER_TICK_NS = 1_000_000;
    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    private final Io io;
    private final Clock clock;
    private final Metronome.Factory metronomes;
    private final LongSupplier cpuNs;

    LoadGenerator(Io io, Metronome.Factory metronomes, LongSupplier cpuNs) {
        this.io = io;
        this.clock = io.clock();
        this.metronomes = metronomes;
        this.cpuNs = cpuNs;
    }

    /** A generator over the operating system's sockets. */
    public static LoadGenerator ofProcess() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new LoadGenerator(EngineOptions.DEFAULTS.io(), MetronomeThread::new, system::getProcessCpuTime);
    }

    /**
     * Makes load like that of {@code plan}, but on an origin of its own, so that the JVM compiles the generator before it measures. Wanted once in a
     * process; with 3 s the tail of what follows is the target's.
     *
     * @param observer sees these runs as well; what the caller's does for the first time while it measures, the processor would have to load and link then
     * @throws IOException when the system gives no poller or no port
     */
    public void warmUp(LoadPlan plan, Duration time, LoadObserver observer) throws IOException, InterruptedException {
        RequestWriter.check(plan);
        SelfWarmUp.run(this, plan, time, observer);
    }

    /**
     * Makes the load of {@code plan}, and returns when it has ended.
     *
     * @throws IOException when the system gives no poller, or the certificates to believe cannot be read
     * @throws IllegalArgumentException when the plan's request is none that a server takes
     */
    public LoadResult run(LoadPlan plan, LoadObserver observer) throws IOException, InterruptedException {
        RequestWriter.check(plan);
        EngineOptions options = EngineOptions.builder()
                .loops(plan.loops())
                .threadNamePrefix("headgate-load")
                .timerTickNs(TIMER_TICK_NS)
                .io(io)
                .build();
        LoadTls tls = plan.tls();
        if (tls == null) {
            return run(plan, observer, options, null);
        }
        try (LoadSecurity security = LoadSecurity.of(plan, tls, io)) {
            return run(plan, observer, options, security);
        }
    }

    private LoadResult run(LoadPlan plan, LoadObserver observer, EngineOptions options, @Nullable LoadSecurity security)
            throws IOException, InterruptedException {
        Engine engine = Engine.start(options);
        try (engine) {
            return new Run(plan, observer, engine, security).run();
        } finally {
            engine.awaitTermination(STOP_MAX);
        }
    }

    /** One run, on the caller's thread. */
    private final class Run {
        private final LoadPlan plan;
        private final LoadObserver observer;
        private final Engine engine;
        private final List<LoadLoop> loops = new ArrayList<>();
        private Phase phase = Phase.OPENING;
        private long startNs;
        private long answersBefore;
        private long progressNs;

        Run(LoadPlan plan, LoadObserver observer, Engine engine, @Nullable LoadSecurity security) {
            this.plan = plan;
            this.observer = observer;
            this.engine = engine;
            for (int i = 0; i < engine.loops(); i++) {
                loops.add(new LoadLoop(engine.loop(i), plan, security, metronomes.create(i)));
            }
        }

        LoadResult run() throws InterruptedException {
            enter(Phase.OPENING);
            startNs = progressNs = clock.monotonicNs();
            await(command(LoadLoop::open));

            startNs = clock.monotonicNs() + LEAD_NS;
            Gate ended = command((loop, gate) -> loop.begin(startNs, gate));
            enter(Phase.WARMING_UP);
            awaitUntil(ended, startNs + plan.warmUp().toNanos());
            long cpuBeforeNs = cpuNs.getAsLong();
            enter(Phase.MEASURING);
            awaitUntil(ended, startNs + plannedNs());
            long cpuUsedNs = cpuNs.getAsLong() - cpuBeforeNs;
            enter(Phase.DRAINING);
            await(ended);

            if (plan.idleConnections() > 0) {
                enter(Phase.CHECKING_IDLE);
                await(command(LoadLoop::checkIdle));
            }
            return Results.of(plan, loops, cpuUsedNs);
        }

        private long plannedNs() {
            return plan.warmUp().plus(plan.duration()).toNanos();
        }

        private void enter(Phase next) {
            phase = next;
            observer.onPhase(next);
        }

        /** Gives every loop a command; the gate opens when all of them are done with it. */
        private Gate command(BiConsumer<LoadLoop, Gate> what) {
            Gate done = io.gate(loops.size());
            for (int i = 0; i < loops.size(); i++) {
                LoadLoop loop = loops.get(i);
                EventLoop thread = engine.loop(i);
                if (!thread.execute(() -> what.accept(loop, done))) {
                    throw new IllegalStateException("loop takes no command: " + i);
                }
            }
            return done;
        }

        private void await(Gate gate) throws InterruptedException {
            while (!gate.await(Math.max(0, progressNs + SECOND_NS - clock.monotonicNs()))) {
                tellProgress();
            }
        }

        private void awaitUntil(Gate gate, long untilNs) throws InterruptedException {
            long leftNs = untilNs - clock.monotonicNs();
            while (leftNs > 0) {
                long toProgressNs = progressNs + SECOND_NS - clock.monotonicNs();
                if (gate.await(Math.max(0, Math.min(leftNs, toProgressNs)))) {
                    return;
                }
                if (toProgressNs <= leftNs) {
                    tellProgress();
                }
                leftNs = untilNs - clock.monotonicNs();
            }
        }

        private void tellProgress() {
            long nowNs = clock.monotonicNs();
            if (nowNs - progressNs < SECOND_NS) {
                return;
            }
            int open = 0;
            long answers = 0;
            long errors = 0;
            for (LoadLoop loop : loops) {
                open += loop.connectionsOpen();
                answers += loop.answers();
                errors += loop.errors();
            }
            double perSecond = (answers - answersBefore) * (double) SECOND_NS / (nowNs - progressNs);
            long elapsedNs = phase == Phase.OPENING ? 0 : Math.max(0, nowNs - startNs);
            observer.onProgress(new LoadProgress(phase, elapsedNs, plannedNs(), open, answers, perSecond, errors));
            answersBefore = answers;
            progressNs = nowNs;
        }
    }
}
