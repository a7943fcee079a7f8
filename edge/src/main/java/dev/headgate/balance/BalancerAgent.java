package dev.headgate.balance;

import dev.headgate.balancer.health.EjectionReason;
import dev.headgate.balancer.health.EndpointCondition;
import dev.headgate.discover.UpstreamSources;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.io.Chance;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.Gate;
import dev.headgate.engine.io.Io;
import dev.headgate.engine.io.Runner;
import dev.headgate.exchange.LoopContext;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;
import dev.headgate.observe.UpstreamStatus;
import dev.headgate.secure.UpstreamSecurity;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.EndpointReports;
import dev.headgate.upstream.UpstreamNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the endpoints of all upstreams, alone: what loops and checks report comes by a queue, and what is decided goes out as an immutable
 * selection per upstream. When the queue is full, a report is dropped and counted: traffic never waits, and what goes on is reported again.
 *
 * <p>One thread runs {@link #doWork}. Before it is started, whoever builds the proxy may call {@link #add}.
 */
public final class BalancerAgent implements DutyCycle, EndpointReports {
    private static final int QUEUE_MAX = 4096;
    private static final int EVENTS_PER_CYCLE_MAX = 1024;
    private static final long IDLE_NS = 50_000_000L;

    /** Something that happened, or is wished, of which the agent makes what follows. */
    interface Event {
        void apply(long nowNs);
    }

    private final MpscVarHandleArrayQueue<Event> events = new MpscVarHandleArrayQueue<>(QUEUE_MAX);
    private final AtomicLong dropped = new AtomicLong();
    private final List<UpstreamKeeper> keepers = new ArrayList<>(); // fixed once started
    private final Chance chance;
    private final ErrorLog errors;
    private final Runner runner;
    private final Io io;
    private final UpstreamSources.Surroundings surroundings;
    private volatile @Nullable Gate firstAnswers; // while they are awaited
    private volatile boolean isStarted;
    private List<LoopContext> contexts = List.of(); // set before the first cycle
    private volatile boolean closed;

    /** @param surroundings where endpoints are looked for */
    public BalancerAgent(Io io, UpstreamSources.Surroundings surroundings, Chance chance, ErrorLog errors) {
        this.io = io;
        this.surroundings = surroundings;
        this.chance = chance;
        this.errors = errors;
        this.runner = io.runner("headgate-balancer", this, IDLE_NS);
    }

    /** Takes on an upstream, which has no endpoints yet. Before {@link #begin} only. */
    public void add(UpstreamNode upstream, Map<String, UpstreamSecurity> securities, long startNs) {
        SourceEvents events = new SourceEvents(upstream.metrics().list(), errors);
        UpstreamSources sources = new UpstreamSources(upstream.config(), surroundings, events, this::onAnswer);
        keepers.add(new UpstreamKeeper(
                upstream, securities.get(upstream.name()), sources, new Probing(this), chance, errors, startNs));
    }

    private void onAnswer() {
        Gate waiting = firstAnswers;
        if (waiting != null) {
            waiting.countDown();
        }
        if (isStarted) {
            runner.wakeup();
        }
    }

    /**
     * Finds the endpoints of all upstreams, and publishes the first selections. Names are looked up once; the call waits for the answers, at
     * most as long as the slowest upstream allows.
     *
     * @throws UnusableListException when a file with endpoints is of no use
     */
    public void begin(long nowNs) throws InterruptedException, UnusableListException {
        for (UpstreamKeeper each : keepers) {
            String failure = each.sources().readFiles(nowNs);
            if (failure != null) {
                throw new UnusableListException(failure);
            }
        }
        int names = keepers.stream().mapToInt(each -> each.sources().names()).sum();
        long timeoutNs = 0;
        if (names > 0) {
            Gate answers = io.gate(names);
            firstAnswers = answers;
            for (UpstreamKeeper each : keepers) {
                each.sources().doWork(nowNs);
                timeoutNs = Math.max(timeoutNs, each.sources().timeoutNs());
            }
            timeoutNs = answers.await(timeoutNs) ? 0 : timeoutNs;
            firstAnswers = null;
        }
        for (UpstreamKeeper each : keepers) {
            each.begin(nowNs + timeoutNs);
        }
    }

    /** Starts deciding, once there are loops by which endpoints can be checked. */
    public void start(List<LoopContext> loops) {
        contexts = loops;
        isStarted = true;
        runner.start();
    }

    public void close() {
        closed = true;
        runner.wakeup();
    }

    /** How the endpoints of each upstream fare. */
    @AnyThread
    public List<UpstreamStatus> status() {
        return keepers.stream().map(UpstreamKeeper::status).toList();
    }

    /** Reports that found no room in the queue. */
    @AnyThread
    public long droppedReports() {
        return dropped.get();
    }

    @Override
    public void onFailuresInARow(UpstreamNode upstream, EndpointNode endpoint, EjectionReason reason) {
        offer(new FailuresInARow(keeperOf(upstream), endpoint, reason));
    }

    /**
     * Gives an endpoint another weight from now on, whatever its configuration says.
     *
     * @param weight empty for the configured one
     * @return false when there is no such endpoint, or the agent cannot take the wish now
     */
    @AnyThread
    public boolean setWeight(String upstream, String endpoint, OptionalInt weight) {
        int override = weight.orElse(EndpointCondition.NO_OVERRIDE);
        return command(upstream, endpoint, keeper -> keeper.onWeightSet(endpoint, override));
    }

    /** Has an endpoint get no new clients, or get them again; answers as {@link #setWeight} does. */
    @AnyThread
    public boolean setDraining(String upstream, String endpoint, boolean drains) {
        return command(upstream, endpoint, keeper -> keeper.onDrainSet(endpoint, drains));
    }

    private boolean command(String upstream, String endpoint, Consumer<UpstreamKeeper> wish) {
        for (UpstreamKeeper keeper : keepers) {
            if (keeper.isNamed(upstream) && keeper.knows(endpoint)) {
                return offer(_ -> wish.accept(keeper));
            }
        }
        return false;
    }

    private UpstreamKeeper keeperOf(UpstreamNode upstream) {
        for (int i = 0; i < keepers.size(); i++) {
            if (keepers.get(i).isOf(upstream)) {
                return keepers.get(i);
            }
        }
        throw new IllegalStateException("no such upstream: " + upstream.name());
    }

    private record FailuresInARow(UpstreamKeeper keeper, EndpointNode endpoint, EjectionReason reason)
            implements Event {
        @Override
        public void apply(long nowNs) {
            keeper.onFailuresInARow(endpoint, reason, nowNs);
        }
    }

    /** Hands over an event; false when there is no room. */
    @AnyThread
    boolean offer(Event event) {
        if (closed) {
            return false;
        }
        boolean taken = events.offer(event);
        if (taken) {
            runner.wakeup();
        } else {
            dropped.incrementAndGet();
        }
        return taken;
    }

    List<LoopContext> loops() {
        return contexts;
    }

    /** The loop by which the endpoint in this slot is checked. */
    LoopContext loopFor(int slot) {
        return contexts.get(slot % contexts.size());
    }

    @Override
    public int doWork(long nowNs) {
        if (closed) {
            return DONE;
        }
        int work = 0;
        for (Event event = next(work); event != null; event = next(work)) {
            event.apply(nowNs);
            work++;
        }
        for (int i = 0; i < keepers.size(); i++) {
            work += keepers.get(i).doWork(nowNs);
        }
        return work;
    }

    private @Nullable Event next(int done) {
        return done < EVENTS_PER_CYCLE_MAX ? events.poll() : null;
    }

    @Override
    public void onFailure(Throwable failure) {
        errors.report(LogEvent.INTERNAL_FAILURE, "where", "balancer", "failure", failure);
    }
}
