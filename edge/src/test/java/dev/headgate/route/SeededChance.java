package dev.headgate.route;

import dev.headgate.engine.io.Chance;
import java.util.SplittableRandom;

/** Chance that repeats itself for a seed. */
public final class SeededChance implements Chance {
    private final SplittableRandom random;

    public SeededChance(long seed) {
        random = new SplittableRandom(seed);
    }

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    @Override
    public int nextInt(int bound) {
        return random.nextInt(bound);
    }
}
