package dev.headgate.bench.run;

import dev.headgate.bench.scenario.Scenario;
import dev.headgate.bench.scenario.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Cuts numbers of connections down to what the system lets a process have.
 *
 * @param sizes what is left
 * @param notes what was cut down, in words; only of what is measured
 */
record Capacity(Sizes sizes, List<String> notes) {
    private static final int RESERVE_MAX = 1000;
    private static final int RESERVE_SHARE = 4;
    private static final int ACTIVE_RATE = 5000;
    private static final int BESIDE_RATE = 2000;
    private static final int SLOW_CLIENTS = 200;
    private static final int SLOW_CLIENTS_SHARE = 10;

    /** Each of them takes a handshake, and an engine of its own in the generator. */
    private static final int TLS_IDLE_MAX = 10_000;

    /** For these options, where a process may have so many files open. */
    static Capacity of(Options options, OptionalLong openFilesMax) {
        Cut cut = new Cut(options.scenarios());
        long limit = openFilesMax.orElse(Long.MAX_VALUE);
        long room = limit - Math.min(RESERVE_MAX, limit / RESERVE_SHARE);
        // A connection in use can need one to the origin as well.
        int connections = cut.to(room / 2, options.connections(), "connections of the usual load");
        int idle = cut.to(room, options.idleMax(), "idle connections", Scenario.IDLE);
        int active = cut.to(room / 2, options.activeMax(), "active connections", Scenario.ACTIVE);
        int slow = cut.to(room / SLOW_CLIENTS_SHARE, SLOW_CLIENTS, "slow clients of each kind", Scenario.SLOW);
        int tlsIdle = options.scenarios().contains(Scenario.IDLE)
                ? Math.min(idle, TLS_IDLE_MAX)
                : cut.to(room, Math.min(options.idleMax(), TLS_IDLE_MAX), "idle TLS connections", Scenario.TLS_IDLE);
        int http2Idle = options.scenarios().contains(Scenario.IDLE)
                ? Math.min(idle, TLS_IDLE_MAX)
                : cut.to(room, Math.min(options.idleMax(), TLS_IDLE_MAX), "idle HTTP/2 connections", Scenario.H2_IDLE);
        Sizes sizes = new Sizes(
                connections, options.rates(), idle, tlsIdle, http2Idle, active, ACTIVE_RATE, BESIDE_RATE, slow);
        return new Capacity(sizes, cut.notes);
    }

    /** Cuts, and takes notes. */
    private static final class Cut {
        private final List<Scenario> scenarios;
        private final List<String> notes = new ArrayList<>();

        Cut(List<Scenario> scenarios) {
            this.scenarios = scenarios;
        }

        int to(long possible, int wanted, String what, Scenario scenario) {
            return scenarios.contains(scenario) ? to(possible, wanted, what) : wanted;
        }

        int to(long possible, int wanted, String what) {
            if (wanted <= possible) return wanted;
            int left = (int) Math.max(1, possible);
            notes.add(String.format(
                    Locale.ROOT, "%,d %s instead of %,d: no more files may be open (ulimit -n)", left, what, wanted));
            return left;
        }
    }
}
