package dev.headgate.bench.target;

import dev.headgate.bench.scenario.Ability;
import dev.headgate.bench.scenario.Doors;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Something that takes load: a proxy before the origin, or the origin itself. */
public interface Target {
    /** How it is called in options, tables and pictures. */
    String name();

    /** Which program it is, in which version and with what changed. */
    String version();

    /** Whether it is able to do all of this. */
    boolean can(Set<Ability> abilities);

    /** What is needed once before it is started for the first time. */
    default void prepare() throws InterruptedException {}

    /**
     * Starts it; when this returns, it answers.
     *
     * @param needs what clients will want of it
     * @throws IOException when it does not start; nothing of it is then left
     */
    Started start(Host host, Needs needs) throws IOException, InterruptedException;

    /**
     * What clients will want of a target.
     *
     * @param connectionsMax connections that must find room
     * @param certificate to show where they speak TLS; null where they do not
     * @param abilities what is wanted beside HTTP/1.1, as far as the target has it
     */
    record Needs(int connectionsMax, @Nullable BenchCertificate certificate, Set<Ability> abilities) {
        public Needs {
            abilities = Set.copyOf(abilities);
        }
    }

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
     * @param doors where it takes load
     * @param process that it is, or the origin's
     */
    record Started(Doors doors, ServerProcess process) {}

    /** Ends what {@link #start} began. */
    default void stop(Host host, Started started) {
        host.processes().stop(started.process());
    }
}
