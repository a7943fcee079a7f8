package dev.headgate.testkit.sim;

/**
 * One side of a WebSocket, whatever carries it: sends its frames, checks those of the other, and ends as both mean to.
 * <pre>
 *   SENDING ──all is sent, or the other side has closed──> SENT ──as its ending says, or the other side has ended──> ENDED
 * </pre>
 */
final class TunnelEnd {
    private final Simulator simulator;
    private final TunnelStream out;
    private final TunnelArrival in;
    private final Way way;
    private final SimChance chance;
    private final long pauseMaxNs;
    private boolean isSent;
    private boolean hasEnded;
    private boolean hasSeenEnd;
    private boolean isOver;

    /** What carries it. */
    interface Way {
        /** Sends these bytes, and does {@code then} when they are written. */
        void send(byte[] bytes, Runnable then);

        void end();

        /** Nothing that comes is heard from here on; its own side has ended before. */
        default void hangUp() {}

        void reset();

        /** Both directions have ended. */
        void close();
    }

    TunnelEnd(Simulator simulator, TunnelStream out, TunnelArrival in, SimChance chance, Way way) {
        this.simulator = simulator;
        this.out = out;
        this.in = in;
        this.chance = chance;
        this.way = way;
        this.pauseMaxNs = chance.oneOf(0L, 1_000_000L, 200_000_000L);
    }

    void start() {
        sendNext();
    }

    /** Begins when all is said already: its side has ended with the word that grants it. */
    void startEnded() {
        isSent = true;
        hasEnded = true;
    }

    private void sendNext() {
        if (isOver || isSent) {
            return;
        }
        if (in.isClosing() && out.hasNext()) {
            way.send(out.takeClose(), this::onAllSent);
        } else if (out.hasNext()) {
            way.send(out.takeNext(), this::pause);
        } else {
            onAllSent();
        }
    }

    private void pause() {
        if (pauseMaxNs == 0) {
            sendNext();
        } else {
            simulator.after(chance.between(0L, pauseMaxNs), this::sendNext);
        }
    }

    private void onAllSent() {
        isSent = true;
        if (out.ending == TunnelStream.Ending.RESET && !in.isClosing() && !isOver) {
            way.reset();
            return;
        }
        settle();
    }

    /** Ends this side's stream when it is time to. */
    private void settle() {
        if (isOver || !isSent) {
            return;
        }
        boolean isHangingUp = out.ending == TunnelStream.Ending.HANG_UP;
        boolean isEnding = isHangingUp || out.ending == TunnelStream.Ending.END;
        if (!hasEnded && (isEnding || in.isClosing() || hasSeenEnd)) {
            hasEnded = true;
            out.onEnded();
            way.end();
            if (isHangingUp) {
                way.hangUp();
            }
        }
        if (hasEnded && hasSeenEnd && !isOver) {
            isOver = true;
            way.close();
        }
    }

    /** Bytes have come. */
    void onBytes(byte[] bytes, int count) {
        in.onBytes(bytes, count);
        if (in.isClosing() && isSent && !hasEnded && out.ending == TunnelStream.Ending.SILENCE) {
            isSent = false;
            way.send(out.takeClose(), this::onAllSent);
        }
        settle();
    }

    /** The other side's stream has ended in order. */
    void onEnd() {
        in.onEnd();
        hasSeenEnd = true;
        settle();
    }

    /** It broke off. */
    void onReset() {
        isOver = true;
        out.onBrokenOff();
    }

    /** A connection of its own. */
    record OverConnection(Outbox out, PeerEnd peer, Runnable whenClosed) implements Way {
        @Override
        public void send(byte[] bytes, Runnable then) {
            out.add(bytes);
            out.then(then);
            out.pump();
        }

        @Override
        public void end() {
            out.then(peer::shutdownOutput);
            out.pump();
        }

        @Override
        public void reset() {
            peer.reset();
            whenClosed.run();
        }

        @Override
        public void close() {
            out.then(() -> {
                peer.close();
                whenClosed.run();
            });
            out.pump();
        }
    }
}
