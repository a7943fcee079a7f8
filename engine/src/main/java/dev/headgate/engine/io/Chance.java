package dev.headgate.engine.io;

/** A source of random numbers, owned by one thread; seeded in simulation. */
public interface Chance {
    long nextLong();

    /** Uniform in {@code [0, bound)}; {@code bound} is positive. */
    int nextInt(int bound);
}
