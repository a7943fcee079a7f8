package dev.headgate.bench.run;

import dev.headgate.bench.load.LoadObserver;
import dev.headgate.bench.load.LoadPlan;
import dev.headgate.bench.scenario.LoadShape;
import dev.headgate.bench.target.Target;
import dev.headgate.bench.target.Target.Host;
import dev.headgate.bench.target.Target.Started;
import dev.headgate.bench.worker.Order;
import dev.headgate.bench.worker.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** All targets, running beside each other before one origin. */
final class Contest {
    private final Host host;
    private final Worker worker;
    private final ProgressLine progress;
    private final List<Entrant> entrants = new ArrayList<>();

    /**
     * A target that runs.
     *
     * @param target which
     * @param started its process
     */
    record Entrant(Target target, Started started) {}

    Contest(Host host, Worker worker, ProgressLine progress) {
        this.host = host;
        this.worker = worker;
        this.progress = progress;
    }

    /** Starts all of them, with room for so many client connections each. */
    void start(List<Target> targets, int connectionsMax) throws IOException, InterruptedException {
        for (Target target : targets) {
            progress.note("starting " + target.name());
            target.prepare();
            entrants.add(new Entrant(target, target.start(host, connectionsMax)));
        }
    }

    /** Gives each of them load, so that what compiles at run time has been compiled, origin and generator included. */
    void warmUp(int connections, Duration duration) throws IOException {
        for (Entrant entrant : entrants) {
            progress.note("warming up " + entrant.target().name());
            warmUp(entrant.started(), connections, duration);
        }
    }

    /** Gives one of them load. */
    void warmUp(Started started, int connections, Duration duration) throws IOException {
        LoadPlan load = LoadShape.usual(connections).toPlan(started.port(), Duration.ZERO, duration);
        worker.carryOut(new Order(load, List.of()), LoadObserver.NONE, new CompletableFuture<>());
    }

    List<Entrant> entrants() {
        return entrants;
    }

    Host host() {
        return host;
    }
}
