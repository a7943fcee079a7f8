package dev.headgate.bench.fault.origin;

import dev.headgate.engine.Engine;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.ListenOptions;
import dev.headgate.engine.Listener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** An origin with one loop. Called on the thread that takes commands. */
final class FaultOrigin {
    private static final Duration END_MAX = Duration.ofSeconds(3);
    private static final int CONNECTIONS_MAX = 100_000;
    private static final long TIMER_TICK_NS = 1_000_000;
    private static final int BACKLOG = 4096;

    private final InetSocketAddress address;
    private final FaultState state;
    private Engine engine;
    private FaultLoop loop;
    private Listener listener;

    private FaultOrigin(InetSocketAddress address, FaultState state) throws IOException {
        this.address = address;
        this.state = state;
        this.engine = startEngine();
        this.loop = new FaultLoop(engine.loop(0), state);
        this.listener = listen(engine, loop);
    }

    /**
     * Starts one; it accepts when this returns.
     *
     * @throws java.net.BindException when the address is taken or not local
     */
    static FaultOrigin start(InetSocketAddress address, CounterFile counters) throws IOException {
        FaultOrigin origin = new FaultOrigin(address, new FaultState(counters));
        counters.onStart();
        return origin;
    }

    private static Engine startEngine() throws IOException {
        return Engine.start(EngineOptions.builder()
                .loops(1)
                .threadNamePrefix("headgate-fault-origin")
                .connectionsMax(CONNECTIONS_MAX)
                .timerTickNs(TIMER_TICK_NS)
                .build());
    }

    private Listener listen(Engine on, FaultLoop sessions) throws IOException {
        try {
            return on.listen(
                    ListenOptions.at(address)
                            .withConnectionsMax(CONNECTIONS_MAX)
                            .withBacklog(BACKLOG),
                    (_, _) -> new FaultSession(sessions));
        } catch (IOException e) {
            on.close();
            throw e;
        }
    }

    void carryOut(Command command) throws IOException, InterruptedException {
        switch (command) {
            case WELL -> state.mood(FaultState.Mood.WELL);
            case FAIL -> state.mood(FaultState.Mood.FAILING);
            case SLOW -> state.mood(FaultState.Mood.SLOW);
            case DRAIN -> state.mood(FaultState.Mood.DRAINING);
            case REFUSE -> {
                engine.close();
                engine.awaitTermination(END_MAX);
            }
            case ACCEPT -> {
                engine = startEngine();
                loop = new FaultLoop(engine.loop(0), state);
                listener = listen(engine, loop);
            }
            case END -> end();
        }
    }

    private void end() throws InterruptedException {
        listener.close();
        boolean hasEnded = loop.end(END_MAX);
        if (!hasEnded) System.err.println("some connections were still in use, and are broken");
        engine.close();
        engine.awaitTermination(END_MAX);
    }
}
