package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.Chance;
import java.util.SplittableRandom;

/** Fast chance for balancing and jitter, seeded by the JDK; not for secrets. */
final class NioChance implements Chance {
    private final SplittableRandom random = new SplittableRandom();

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    @Override
    public int nextInt(int bound) {
        return random.nextInt(bound);
    }
}
