package dev.headgate.upstream;

import dev.headgate.config.UpstreamHttp2;
import dev.headgate.engine.Connection;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;

/**
 * What shows whether the other end of an HTTP/2 connection is still there while requests are under way: bytes that come, a ping that is
 * answered, output that is taken. It is looked at when {@link #nextNs} says so; what follows is the owner's to do.
 */
@LoopConfined
@HotPath
final class SignsOfLife {
    private static final int STALL_CHECKS = 4; // within the time that a stall may last

    private final UpstreamHttp2 settings;
    private final Connection connection;
    private long lastReadNs;
    private boolean isPingAwaited;
    private long pingSentNs;
    private long pings;
    private long stalledSinceNs;
    private long stalledSentBytes;

    SignsOfLife(UpstreamHttp2 settings, Connection connection, long nowNs) {
        this.settings = settings;
        this.connection = connection;
        this.lastReadNs = nowNs;
        this.stalledSinceNs = nowNs;
    }

    /** Requests are under way again. Silence was in order until now, and an answer to a ping that is out was not looked for. */
    void onBusy(long nowNs) {
        lastReadNs = nowNs;
        pingSentNs = nowNs;
        stalledSinceNs = nowNs;
    }

    /** Bytes have come. Returns whether a ping was out, which they answer as well as any. */
    boolean onBytes(long nowNs) {
        lastReadNs = nowNs;
        boolean wasAwaited = isPingAwaited;
        isPingAwaited = false;
        return wasAwaited;
    }

    /** Whether the other end has let all its time pass. */
    boolean isMissed(long nowNs) {
        return isStalled(nowNs) || isPingAwaited && nowNs - pingSentNs >= settings.pingTimeoutNs();
    }

    private boolean isStalled(long nowNs) {
        if (connection.pendingWriteBytes() == 0 || connection.sentBytes() != stalledSentBytes) {
            stalledSinceNs = nowNs;
            stalledSentBytes = connection.sentBytes();
            return false;
        }
        return nowNs - stalledSinceNs >= settings.sendStallNs();
    }

    /** Whether the silence is so long that the other end has to be asked. */
    boolean isPingDue(long nowNs) {
        return settings.pingIntervalNs() > 0 && !isPingAwaited && nowNs - lastReadNs >= settings.pingIntervalNs();
    }

    /** A ping goes out; what it says. */
    long takePing(long nowNs) {
        isPingAwaited = true;
        pingSentNs = nowNs;
        return ++pings;
    }

    /** In how long it is to be looked at again. */
    long nextNs(long nowNs) {
        long inNs = settings.sendStallNs() / STALL_CHECKS;
        if (isPingAwaited) {
            return Math.min(inNs, pingSentNs + settings.pingTimeoutNs() - nowNs);
        }
        return settings.pingIntervalNs() > 0 ? Math.min(inNs, lastReadNs + settings.pingIntervalNs() - nowNs) : inNs;
    }
}
