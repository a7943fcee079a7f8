package dev.headgate.cli;

import dev.headgate.config.ProxyConfig;
import dev.headgate.config.StateFolder;
import java.time.Duration;
import java.util.List;

/** Starts proxies; the boundary between the command line and what it controls. */
@FunctionalInterface
public interface Launcher {
    /**
     * Starts a proxy whose listeners accept when this returns.
     *
     * @param state where it keeps what it makes itself
     * @throws LaunchException when it cannot start; nothing of it is then left
     */
    RunningProxy launch(ProxyConfig config, StateFolder state) throws LaunchException;

    /** A proxy that accepts. Any thread may call it. */
    interface RunningProxy {
        /** What is bound, in the order of the configuration. */
        List<BoundListener> listeners();

        /**
         * Makes ready in advance what clients would otherwise wait for; returns when that is done, after {@link ProxyConfig#warmUpNs} at the latest.
         */
        void warmUp();

        /** Takes nothing more, and returns when what is open has finished or {@code limit} is over. */
        void drain(Duration limit);

        /** Ends at once whatever is open. Calls after the first do nothing. */
        void close();

        /** Waits until the proxy has ended. */
        void awaitTermination() throws InterruptedException;
    }

    /**
     * A bound socket.
     *
     * @param name of the listener
     * @param address as bound: the port is the actual one
     */
    record BoundListener(String name, String address) {}
}
