package dev.headgate.fuzz.sim;

import dev.headgate.fuzz.sim.SimulatedRun.Spoken;
import dev.headgate.testkit.sim.Sabotage;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Runs one seed and answers what it finds; in terms that class loaders share. */
public class SeedSearch implements LongFunction<@Nullable String> {
    private final Spoken spoken;

    public SeedSearch() {
        this(Spoken.HTTP_1);
    }

    private SeedSearch(Spoken spoken) {
        this.spoken = spoken;
    }

    /** The same with clients that speak HTTP/2 among others. */
    public static final class Mixed extends SeedSearch {
        public Mixed() {
            super(Spoken.MIXED);
        }
    }

    /** The same with origins that speak HTTP/2, too. */
    public static final class BothSides extends SeedSearch {
        public BothSides() {
            super(Spoken.BOTH_SIDES);
        }
    }

    /** The same with WebSockets. */
    public static final class Tunnels extends SeedSearch {
        public Tunnels() {
            super(Spoken.TUNNELS);
        }
    }

    /** The same with origins that choose what they speak. */
    public static final class Chosen extends SeedSearch {
        public Chosen() {
            super(Spoken.CHOSEN);
        }
    }

    @Override
    public @Nullable String apply(long seed) {
        Seeds.Finding finding = Seeds.find(seed, spoken, Sabotage.NONE);
        return finding == null ? null : finding.what();
    }
}
