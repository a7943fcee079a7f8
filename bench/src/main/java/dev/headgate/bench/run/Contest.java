package dev.headgate.bench.run;

import dev.headgate.bench.load.LoadObserver;
import dev.headgate.bench.load.LoadPlan;
import dev.headgate.bench.scenario.Ability;
import dev.headgate.bench.scenario.LoadShape;
import dev.headgate.bench.scenario.Step;
import dev.headgate.bench.target.BenchCertificate;
import dev.headgate.bench.target.ServerProcess;
import dev.headgate.bench.target.Target;
import dev.headgate.bench.target.Target.Host;
import dev.headgate.bench.target.Target.Needs;
import dev.headgate.bench.target.Target.Started;
import dev.headgate.bench.worker.Order;
import dev.headgate.bench.worker.Outcome;
import dev.headgate.bench.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * All targets, running beside each other before one origin. One that ends by itself is out of it from then on, and the
 * others go on; without the origin nobody can.
 */
final class Contest {
    private final Host host;
    private final Worker worker;
    private final @Nullable BenchCertificate certificate;
    private final ProgressLine progress;
    private final List<Entrant> entrants = new ArrayList<>();
    private final List<String> losses = new ArrayList<>();

    /**
     * A target that runs.
     *
     * @param target which
     * @param started its process
     */
    record Entrant(Target target, Started started) {}

    /** @param certificate that targets show where clients speak TLS; null where none do */
    Contest(Host host, Worker worker, @Nullable BenchCertificate certificate, ProgressLine progress) {
        this.host = host;
        this.worker = worker;
        this.certificate = certificate;
        this.progress = progress;
    }

    /** Starts all of them, with room for so many client connections each, and ready for what they are able to do of this. */
    void start(List<Target> targets, int connectionsMax, Set<Ability> abilities)
            throws IOException, InterruptedException {
        for (Target target : targets) {
            progress.note("starting " + target.name());
            target.prepare();
            entrants.add(new Entrant(target, target.start(host, new Needs(connectionsMax, certificate, abilities))));
        }
    }

    /** Gives each of them these loads, so long each, so that what compiles at run time has been compiled, origin and generator included. */
    void warmUp(List<LoadShape> shapes, Duration duration) throws IOException, InterruptedException {
        for (Entrant entrant : List.copyOf(entrants)) {
            progress.note("warming up " + entrant.target().name());
            try {
                warmUp(entrant, shapes, duration);
            } catch (TargetEnded e) {
                lose(entrant, e, "the warm-up");
            }
        }
    }

    private void warmUp(Entrant entrant, List<LoadShape> shapes, Duration duration) throws IOException, TargetEnded {
        for (LoadShape shape : shapes) {
            if (entrant.target().can(shape.needs())) warmUp(entrant.started(), shape, duration);
        }
    }

    /** Gives one of them load. */
    void warmUp(Started started, LoadShape shape, Duration duration) throws IOException, TargetEnded {
        LoadPlan load = shape.toPlan(started.doors(), Duration.ZERO, duration);
        measure(started, new Order(load, List.of()), LoadObserver.NONE);
    }

    /**
     * Has a load carried out with a target.
     *
     * @throws TargetEnded as soon as it has ended
     * @throws IOException when the origin has, or the load cannot be made
     */
    Outcome measure(Started started, Order order, LoadObserver observer) throws IOException, TargetEnded {
        ServerProcess target = started.process();
        ServerProcess origin = host.origin().process();
        Optional<Outcome> outcome =
                worker.carryOut(order, observer, CompletableFuture.anyOf(target.onEnd(), origin.onEnd()));
        requireOrigin();
        if (!target.isRunning()) throw new TargetEnded(target.end());
        return outcome.orElseThrow(() -> new IOException("the load generator has given up"));
    }

    /** Goes on without those that have ended while others took their turn. */
    void dismissEnded(String when) throws IOException, InterruptedException {
        for (Entrant entrant : List.copyOf(entrants)) {
            ServerProcess process = entrant.started().process();
            if (!process.isRunning()) lose(entrant, new TargetEnded(process.end()), when);
        }
    }

    private void requireOrigin() throws IOException {
        ServerProcess origin = host.origin().process();
        if (!origin.isRunning()) throw new IOException("the origin " + origin.end());
    }

    /** Goes on without one of them. */
    void lose(Entrant entrant, TargetEnded reason, String when) throws IOException, InterruptedException {
        if (host.processes().isEnding()) throw new IOException("ended by a signal");
        requireOrigin();
        String name = entrant.target().name();
        String loss = name + " is left out from " + when + " on: it " + reason.getMessage();
        entrants.remove(entrant);
        losses.add(loss);
        progress.remark(loss);
        entrant.target().stop(host, entrant.started());
    }

    /** Those that run. */
    List<Entrant> entrants() {
        return List.copyOf(entrants);
    }

    /** Who does not run any more, since when and why, in words. */
    List<String> losses() {
        return List.copyOf(losses);
    }

    /** What a target needs that is started for {@code step} alone. */
    Needs needs(Step step) {
        return new Needs(step.connectionsMax(), step.protection().isTls() ? certificate : null, step.needs());
    }

    Host host() {
        return host;
    }
}
