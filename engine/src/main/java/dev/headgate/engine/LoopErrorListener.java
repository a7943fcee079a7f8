package dev.headgate.engine;

/**
 * Learns of exceptions that reached a loop's boundary. Told once per distinct kind, exception class and place thrown; the counters have
 * the rest. Called on the loop, so it must not block.
 */
@FunctionalInterface
@AnyThread
public interface LoopErrorListener {
    /** {@code where} says what the loop was calling, such as {@code handler}, {@code timer} or {@code command}. */
    void onFailure(int loopIndex, String where, Throwable failure);
}
