package dev.headgate;

import dev.headgate.config.LimitsConfig;
import dev.headgate.downstream.ServerLoop;
import dev.headgate.engine.Engine;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.io.Gate;
import dev.headgate.exchange.Accounting;
import dev.headgate.exchange.LoopContext;
import dev.headgate.exchange.ReplayFiles;
import dev.headgate.graph.ProxySnapshot;
import dev.headgate.listener.PrefixLimiter;
import dev.headgate.upstream.UpstreamNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What a proxy has on each loop, and how other threads ask for it. */
final class ProxyLoops {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    private final Engine engine;
    private final ProxyLogs logs;
    private final List<LoopContext> contexts = new ArrayList<>(); // fixed once started
    private final List<ServerLoop> serverLoops = new ArrayList<>(); // likewise

    ProxyLoops(Engine engine, ProxyLogs logs) {
        this.engine = engine;
        this.logs = logs;
    }

    /** Makes each loop's context on its loop, so that everything in it has one thread from birth. */
    void start(ProxySnapshot snapshot, LimitsConfig limits, int headBytesMax, @Nullable ReplayFiles replayFiles) {
        PrefixLimiter prefixes =
                new PrefixLimiter(limits.connectionsPerPrefix(), limits.ipv4PrefixBits(), limits.ipv6PrefixBits());
        ServerLoop[] made = new ServerLoop[engine.loops()];
        Gate ready = engine.io().gate(made.length);
        for (int i = 0; i < made.length; i++) {
            EventLoop loop = engine.loop(i);
            int index = i;
            loop.execute(() -> {
                Accounting accounting = new Accounting(loop, logs.accessWriter(index), logs.errors());
                LoopContext context =
                        new LoopContext(loop, snapshot.rules(), prefixes, headBytesMax, accounting, replayFiles);
                for (UpstreamNode upstream : snapshot.upstreams()) {
                    upstream.attach(context);
                }
                made[index] = new ServerLoop(context);
                ready.countDown();
            });
        }
        awaitUninterruptibly(ready);
        for (ServerLoop serverLoop : made) {
            serverLoops.add(serverLoop);
            contexts.add(serverLoop.context());
        }
    }

    /** By the loops' numbers; empty until they have started. */
    List<LoopContext> contexts() {
        return Collections.unmodifiableList(contexts);
    }

    /** Likewise. */
    List<ServerLoop> serverLoops() {
        return Collections.unmodifiableList(serverLoops);
    }

    /** Asks each loop, and waits for the answers. */
    long sum(ToLongFunction<LoopContext> question) {
        AtomicLong sum = new AtomicLong();
        onEach(serverLoop -> sum.addAndGet(question.applyAsLong(serverLoop.context())));
        return sum.get();
    }

    /** Has each loop do something, and waits until it is done. */
    private void onEach(Consumer<ServerLoop> action) {
        Gate done = engine.io().gate(serverLoops.size());
        for (ServerLoop serverLoop : serverLoops) {
            boolean taken = serverLoop.context().loop().execute(() -> {
                action.accept(serverLoop);
                done.countDown();
            });
            if (!taken) {
                done.countDown();
            }
        }
        awaitUninterruptibly(done);
    }

    private static void awaitUninterruptibly(Gate gate) {
        try {
            if (!gate.await(ANSWER_TIMEOUT.toNanos())) {
                throw new IllegalStateException("a loop does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has each loop take no further request; see {@link LoopContext#stop}. */
    void drain(long drainNs, long webSocketIntervalNs) {
        onEach(serverLoop -> {
            serverLoop.context().stop(drainNs, webSocketIntervalNs);
            serverLoop.drain();
        });
    }

    /** Ends what goes on; a loop still runs what it was given. */
    void cutOff() {
        serverLoops.forEach(serverLoop -> serverLoop.context().loop().execute(() -> {
            serverLoop.cutOff();
            serverLoop.context().cutOff();
        }));
    }
}
