package dev.headgate.bench.fault.origin;

import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.RequestHeadDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What the sessions of an origin share. */
@LoopConfined
final class FaultLoop {
    final EventLoop loop;
    final FaultState state;
    final RequestHeadDecoder decoder = new RequestHeadDecoder(Http1Limits.DEFAULTS);
    final RequestHead head = new RequestHead(); // scratch: valid within one call
    final FaultSession.Answers answers = new FaultSession.Answers();
    private final Set<FaultSession> sessions = new HashSet<>();
    private final CountDownLatch isEmpty = new CountDownLatch(1);
    private boolean isEnding;

    FaultLoop(EventLoop loop, FaultState state) {
        this.loop = loop;
        this.state = state;
    }

    void onOpen(FaultSession session) {
        sessions.add(session);
        if (isEnding) session.end();
    }

    void onClosed(FaultSession session) {
        sessions.remove(session);
        if (isEnding && sessions.isEmpty()) isEmpty.countDown();
    }

    /** Whether an answer is to be the last on its connection. */
    boolean isEnding() {
        return isEnding;
    }

    /**
     * Has all sessions end, and waits until they have. Called on another thread.
     *
     * @return false when some are left after {@code limit}
     */
    boolean end(Duration limit) throws InterruptedException {
        return loop.execute(this::endSessions) && isEmpty.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void endSessions() {
        isEnding = true;
        new ArrayList<>(sessions).forEach(FaultSession::end);
        if (sessions.isEmpty()) isEmpty.countDown();
    }
}
