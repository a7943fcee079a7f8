package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.Chance;
import java.security.SecureRandom;

/** Chance from the JDK's {@link SecureRandom}. */
final class NioSecretChance implements Chance {
    private final SecureRandom random = new SecureRandom();

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    @Override
    public int nextInt(int bound) {
        return random.nextInt(bound);
    }
}
