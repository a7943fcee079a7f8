package dev.headgate.bench.run;

import dev.headgate.bench.scenario.Sizes;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Cuts numbers of connections down to what the system lets a process have. */
final class Capacity {
    private static final int RESERVE = 1000;
    private static final int ACTIVE_RATE = 5000;
    private static final int BESIDE_RATE = 2000;
    private static final int SLOW_CLIENTS = 200;
    private static final int SLOW_CLIENTS_SHARE = 10;

    private Capacity() {}

    /** Sizes for these options where a process may have so many files open; adds to {@code notes} what was cut down. */
    static Sizes sizes(Options options, OptionalLong openFilesMax, List<String> notes) {
        long room = openFilesMax.orElse(Long.MAX_VALUE) - RESERVE;
        int idle = cut("idle", options.idleMax(), room, notes);
        // An active connection can need one to the origin as well.
        int active = cut("active", options.activeMax(), room / 2, notes);
        int slow = (int) Math.min(SLOW_CLIENTS, Math.max(1, room / SLOW_CLIENTS_SHARE));
        return new Sizes(options.connections(), options.rates(), idle, active, ACTIVE_RATE, BESIDE_RATE, slow);
    }

    private static int cut(String kind, int wanted, long room, List<String> notes) {
        if (wanted <= room) return wanted;
        int possible = (int) Math.max(1, room);
        notes.add(String.format(
                Locale.ROOT,
                "%,d %s connections instead of %,d: no more files may be open (ulimit -n)",
                possible,
                kind,
                wanted));
        return possible;
    }
}
