package dev.headgate.downstream;

import dev.headgate.listener.ListenerNode;

/** How a request's content comes in: whether it is wanted, when the last of it came, and whether it comes fast enough. */
class BodyPace {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long CHECK_NS = SECOND_NS;

    private long bytes;
    private long startedNs;
    private long lastNs;
    private long pausedNs; // in all, before the current pause
    private long pauseStartedNs;
    private boolean paused;
    private boolean arrived; // a byte of it, and be it of its framing

    /** Nothing has come, and nothing is wanted yet. */
    final void start(long nowNs) {
        bytes = 0;
        startedNs = nowNs;
        lastNs = nowNs;
        pausedNs = 0;
        pauseStartedNs = nowNs;
        paused = true;
        arrived = false;
    }

    /** The first bytes are here. */
    final void arrive() {
        arrived = true;
    }

    final boolean hasArrived() {
        return arrived;
    }

    final boolean isPaused() {
        return paused;
    }

    final void pause(long nowNs) {
        if (!paused) {
            paused = true;
            pauseStartedNs = nowNs;
        }
    }

    final void resume(long nowNs) {
        if (paused) {
            paused = false;
            pausedNs += nowNs - pauseStartedNs;
            lastNs = nowNs;
        }
    }

    final void received(int count, long nowNs) {
        bytes += count;
        lastNs = nowNs;
    }

    /** Bytes of content that have come. */
    final long bytes() {
        return bytes;
    }

    /**
     * When to look again whether it {@linkplain #isTooSlow comes too slowly}: when silence may have lasted too long, or before where a rate is asked
     * for. Bytes that come meanwhile need not move it.
     */
    final long lookAtNs(ListenerNode rules, long nowNs) {
        long idleNs = idleDeadlineNs(rules.bodyIdleNs());
        long rateNs = nowNs + CHECK_NS;
        return rules.bodyBytesPerSecond() > 0 && rateNs - idleNs < 0 ? rateNs : idleNs;
    }

    /** Whether the client is silent for too long, or slower than the least rate. */
    final boolean isTooSlow(ListenerNode rules, long nowNs) {
        return nowNs - idleDeadlineNs(rules.bodyIdleNs()) >= 0
                || isSlowerThan(rules.bodyBytesPerSecond(), rules.bodyGraceNs(), nowNs);
    }

    /** The instant at which silence has lasted too long. */
    final long idleDeadlineNs(long idleTimeoutNs) {
        return lastNs + idleTimeoutNs;
    }

    /** Whether fewer bytes have come than the least rate asks for; time in which none were wanted does not count. */
    final boolean isSlowerThan(long bytesPerSecond, long graceNs, long nowNs) {
        long wantedNs = nowNs - startedNs - pausedNs;
        return bytesPerSecond > 0 && wantedNs > graceNs && bytes < bytesPerSecond * (wantedNs / SECOND_NS);
    }
}
