package dev.headgate.bench.fault.run;

import dev.headgate.bench.fault.Evidence;
import dev.headgate.bench.fault.FaultScenario;
import dev.headgate.bench.fault.Sample;
import dev.headgate.bench.load.LoadObserver;
import dev.headgate.bench.load.LoadPlan;
import dev.headgate.bench.load.LoadProgress;
import dev.headgate.bench.load.LoadRequest;
import dev.headgate.bench.load.LoadResult;
import dev.headgate.bench.machine.ProcFiles;
import dev.headgate.bench.run.ProgressLine;
import dev.headgate.bench.target.Target.Started;
import dev.headgate.bench.worker.Order;
import dev.headgate.bench.worker.Outcome;
import dev.headgate.bench.worker.Worker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One scenario with one proxy that runs: load, faults and counting at the same time. */
final class FaultTrial {
    private static final long CONTENT_BYTES = 1024;
    private static final Duration INTERVAL = Duration.ofMillis(50);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final FaultOptions options;
    private final FaultScenario scenario;
    private final FaultOrigins origins;
    private final Director.Stage stage;
    private final Started proxy;
    private final ProcFiles proc;
    private final ProgressLine progress;

    /** @param stage where steps are played, on the same origins */
    FaultTrial(
            FaultOptions options,
            FaultScenario scenario,
            FaultOrigins origins,
            Director.Stage stage,
            Started proxy,
            ProcFiles proc,
            ProgressLine progress) {
        this.options = options;
        this.scenario = scenario;
        this.origins = origins;
        this.stage = stage;
        this.proxy = proxy;
        this.proc = proc;
        this.progress = progress;
    }

    /**
     * Does it all, and returns when the last answer is there and all origins are well again.
     *
     * @throws IOException when proxy, an origin or the load generator end before their time; origins may then be in any state
     */
    Evidence run(Worker worker) throws IOException, InterruptedException {
        Sample first = sample(-options.times().warmUp().toNanos());
        Play play = new Play();
        Optional<Outcome> outcome = worker.carryOut(
                new Order(load(), List.of()),
                play,
                CompletableFuture.anyOf(proxy.process().onEnd(), play.failure));
        List<Sample> samples = play.end();
        if (!proxy.process().isRunning())
            throw new IOException("it " + proxy.process().end());
        LoadResult result = outcome.orElseThrow(() -> new IOException("the load generator has given up"))
                .measured();
        samples.addFirst(first);
        Director.Span span = play.span();
        return new Evidence(samples, span.onNs(), span.offNs(), result);
    }

    private LoadPlan load() {
        InetSocketAddress target = new InetSocketAddress(
                InetAddress.ofLiteral("127.0.0.1"), proxy.doors().plainPort());
        LoadRequest request =
                LoadRequest.get("/1k", CONTENT_BYTES).withHost("bench.test").verified();
        return LoadPlan.open(target, request, options.connections(), options.ratePerSecond())
                .withSpread(LoadPlan.Spread.HOTTEST)
                .withTimes(options.times().warmUp(), scenario.duration(options.times()))
                .withInterval(INTERVAL)
                .withTimeout(TIMEOUT)
                .countedByDue();
    }

    private Sample sample(long atNs) {
        return new Sample(atNs, origins.requests(), proc.failedConnects().orElse(Sample.NOT_KNOWN));
    }

    /** What goes on beside the load, from the beginning of what is measured on. */
    private final class Play implements LoadObserver {
        final CompletableFuture<Void> failure = new CompletableFuture<>();
        private final CompletableFuture<Director.Span> span = new CompletableFuture<>();

        // From the beginning of what is measured on.
        private @Nullable Thread director;
        private @Nullable Thread sampling;
        private @Nullable Sampler sampler;

        @Override
        public void onPhase(Phase phase) {
            if (phase != Phase.MEASURING) return;
            SystemTime time = new SystemTime(System.nanoTime());
            Sampler reader = new Sampler(time, FaultTrial.this::sample);
            sampler = reader;
            sampling = Thread.ofPlatform().name("bench-sampler").daemon().start(reader);
            director = Thread.ofPlatform().name("bench-director").daemon().start(() -> direct(time));
        }

        @Override
        public void onProgress(LoadProgress state) {
            progress.onProgress(state);
        }

        private void direct(SystemTime time) {
            try {
                span.complete(new Director(scenario.steps(options.times()), time, stage).direct());
            } catch (IOException | InterruptedException | RuntimeException e) {
                span.completeExceptionally(e);
                failure.completeExceptionally(e); // The load makes no sense any more.
            }
        }

        /** What the sampler has read. */
        List<Sample> end() throws InterruptedException {
            if (sampling == null || director == null || sampler == null) return new ArrayList<>();
            sampling.interrupt();
            sampling.join();
            if (!proxy.process().isRunning()) director.interrupt();
            director.join();
            return sampler.samples();
        }

        Director.Span span() throws IOException, InterruptedException {
            try {
                return span.get();
            } catch (ExecutionException e) {
                throw new IOException("a fault could not be made: " + e.getCause(), e);
            }
        }
    }

    /** @param startNs the beginning of what is measured */
    private record SystemTime(long startNs) implements Director.Time {
        private static final long NS_PER_MS = 1_000_000;

        @Override
        public long nowNs() {
            return System.nanoTime() - startNs;
        }

        @Override
        public void awaitNs(long ns) throws InterruptedException {
            for (long leftNs = ns - nowNs(); leftNs > 0; leftNs = ns - nowNs()) {
                Thread.sleep(leftNs / NS_PER_MS, (int) (leftNs % NS_PER_MS));
            }
        }
    }
}
