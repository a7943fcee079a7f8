package dev.headgate.bench.target;

import java.io.IOException;

/** Something that takes load: a proxy before the origin, or the origin itself. */
public interface Target {
    /** How it is called in options, tables and pictures. */
    String name();

    /** Which program it is, in which version and with what changed. */
    String version();

    /** What is needed once before it is started for the first time. */
    default void prepare() throws InterruptedException {}

    /**
     * Starts it; when this returns, it answers.
     *
     * @param connectionsMax client connections that must find room
     * @throws IOException when it does not start; nothing of it is then left
     */
    Started start(Host host, int connectionsMax) throws IOException, InterruptedException;

    /**
     * Where targets are started.
     *
     * @param processes that they become part of
     * @param origin the origin behind them
     */
    record Host(Processes processes, Started origin) {}

    /**
     * A target that answers.
     *
     * @param port on 127.0.0.1
     * @param process that it is, or the origin's
     */
    record Started(int port, ServerProcess process) {}

    /** Ends what {@link #start} began. */
    default void stop(Host host, Started started) {
        host.processes().stop(started.process());
    }
}
