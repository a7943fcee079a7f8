package dev.headgate.bench.load;

import dev.headgate.bench.body.BodyPattern;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.io.Gate;
import dev.headgate.engine.timer.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One loop's part of a run: its clients of all kinds, and the timer that tends them. The generator's commands lead through it: {@link #open},
 * {@link #begin}, {@link #checkIdle}; it answers each by counting down a gate.
 */
@LoopConfined
final class LoadLoop extends Timer {
    private static final long TEND_NS = 10_000_000;

    private final EventLoop loop;
    private final LoadPlan plan;
    private final Metronome metronome;
    private final Tally tally;
    private final Examples examples = new Examples();
    private final Examples slowExamples;
    private final ClientKit kit;
    private final ClientKit slowKit;
    private final MeasuredLoad load;
    private final IdleClients idle;
    private final List<SlowClient> slow = new ArrayList<>();
    private @Nullable Gate awaited; // what the generator waits for

    // Written by the loop once per tending, read by the generator for its progress.
    private volatile int connectionsOpen;
    private volatile long answers;
    private volatile long errors;

    LoadLoop(EventLoop loop, LoadPlan plan, @Nullable LoadSecurity security, Metronome metronome) {
        this.loop = loop;
        this.plan = plan;
        this.metronome = metronome;
        int index = loop.index();
        BodyPattern pattern = new BodyPattern();
        tally = new Tally(plan, examples);
        kit = new ClientKit(loop, plan, security, tally, examples, pattern);
        int connections = share(plan.connections(), plan.loops(), index);
        load = new MeasuredLoad(kit, plan, connections * Math.max(1, plan.http2Streams()), tally);
        idle = new IdleClients(
                new ClientKit(loop, idlePlan(plan), security, ClientKit.HandshakeCounter.NONE, examples, pattern),
                plan,
                share(plan.idleConnections(), plan.loops(), index));
        slowExamples = new Examples(
                switch (plan.slowClients().kind()) {
                    case SENDING -> "slow sender, ";
                    case READING -> "slow reader, ";
                });
        slowKit = new ClientKit(loop, slowPlan(plan), security, ClientKit.HandshakeCounter.NONE, slowExamples, pattern);
        int slowClients = share(plan.slowClients().connections(), plan.loops(), index);
        for (int i = 0; i < slowClients; i++) {
            slow.add(new SlowClient(slowKit, plan.slowClients(), plan.timeout()));
        }
    }

    private static int share(int all, int loops, int index) {
        return all / loops + (index < all % loops ? 1 : 0);
    }

    private static LoadPlan keptPlan(LoadPlan plan) {
        return plan.withConnectionUse(LoadPlan.ConnectionUse.KEEP_ALIVE);
    }

    /** One request at a time on each of them. */
    private static LoadPlan idlePlan(LoadPlan plan) {
        return keptPlan(plan).withHttp2Streams(Math.min(1, plan.http2Streams()));
    }

    private static LoadPlan slowPlan(LoadPlan plan) {
        LoadRequest request = LoadRequest.get(plan.slowClients().target(), LoadRequest.ANY_LENGTH)
                .withHost(plan.request().host());
        return keptPlan(plan).withRequest(request).withHttp2Streams(0);
    }

    // ---- commands

    /** Opens all connections; {@code opened} learns when every one has been tried. */
    void open(Gate opened) {
        awaited = opened;
        load.open();
        idle.open();
        loop.timers().arm(this, loop.nowNs() + TEND_NS);
    }

    /** Makes the load; {@code ended} learns when the last answer is there. */
    void begin(long startNs, Gate ended) {
        long measureStartNs = startNs + plan.warmUp().toNanos();
        long endNs = measureStartNs + plan.duration().toNanos();
        awaited = ended;
        tally.measure(measureStartNs, endNs);
        slow.forEach(SlowClient::start);
        if (plan.isOpenLoop() && load.clients() > 0) {
            Timetable timetable = new Timetable(startNs, endNs, plan.ratePerSecond(), plan.loops(), loop.index());
            load.begin(timetable, endNs);
            metronome.start(timetable, new Beat());
        } else {
            load.begin(null, endNs);
        }
    }

    /** Has the idle connections answer once more; {@code checked} learns when all have, or have failed to. */
    void checkIdle(Gate checked) {
        awaited = checked;
        idle.check();
        answerWhenDone();
    }

    // ---- from time to time

    @Override
    protected void onDeadline(long nowNs) {
        load.tend(nowNs);
        idle.tend(nowNs);
        connectionsOpen = load.openConnections() + idle.openConnections();
        answers = tally.totalRequests();
        errors = tally.totalErrors();
        answerWhenDone();
        loop.timers().arm(this, nowNs + TEND_NS);
    }

    private void answerWhenDone() {
        Gate gate = awaited;
        if (load.phase() == MeasuredLoad.Phase.ENDED) {
            metronome.stop();
            slow.forEach(SlowClient::stop);
        }
        if (gate != null && isDone()) {
            awaited = null;
            gate.countDown();
        }
    }

    private boolean isDone() {
        return switch (load.phase()) {
            case OPENING -> load.isOpened() && idle.isOpened();
            case RUNNING, DRAINING -> false;
            case ENDED -> !idle.isChecking() || idle.isChecked();
        };
    }

    /** What the metronome calls. One that has not run yet stands for all that follow. */
    private final class Beat implements Runnable {
        private final AtomicBoolean isWaiting = new AtomicBoolean();
        private final Runnable command = this::onLoop;

        @Override
        public void run() {
            if (!isWaiting.getAndSet(true) && !loop.execute(command)) {
                isWaiting.set(false);
            }
        }

        private void onLoop() {
            isWaiting.set(false);
            // The clock is read anew: what is due now may not have been when this cycle began, and this is its only
            // beat.
            load.giveOut(loop.clockNs());
        }
    }

    // ---- for the generator

    int connectionsOpen() {
        return connectionsOpen;
    }

    long answers() {
        return answers;
    }

    long errors() {
        return errors;
    }

    // Of an ended loop.

    Tally tally() {
        return tally;
    }

    List<String> examples() {
        return examples.texts();
    }

    List<String> slowExamples() {
        return slowExamples.texts();
    }

    LoadResult.Idle idle() {
        return idle.result();
    }

    long connectionsBegun() {
        return kit.connectionsBegun();
    }

    long slowAnswers() {
        return slow.stream().mapToLong(SlowClient::answers).sum();
    }

    long slowFailures() {
        return slow.stream().mapToLong(SlowClient::failures).sum();
    }
}
