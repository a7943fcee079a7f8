package dev.headgate.testkit.sim;

/** What becomes of a request for a WebSocket: both directions, and whether the origin grants it. */
final class PlannedTunnel {
    private static final int EARLY_BYTES_MAX = 8 << 10; // that the proxy keeps

    /** What an origin answers. */
    enum Welcome {
        GRANTED,
        /** As any other request; on a stream, where every success is a grant, only what is none. */
        ANSWERED,
        /** Granted, with a proof that is none, or as it must not be on a stream. */
        UNPROVEN
    }

    TunnelStream up;
    TunnelStream down;
    TunnelArrival upAtOrigin;
    TunnelArrival downAtClient;
    final Welcome welcome;
    final String key;
    final int earlyBytes; // at the most, that its client sends before it knows whether it is granted
    boolean isGranted; // by an origin, with its proof

    PlannedTunnel(SimChance chance, int bodyMax, boolean isRough) {
        up = new TunnelStream(chance, bodyMax, true, drawEnding(chance, isRough, false));
        down = new TunnelStream(chance, bodyMax, false, drawEnding(chance, isRough, true));
        welcome = chance.oneIn(8) ? chance.oneOf(Welcome.ANSWERED, Welcome.UNPROVEN) : Welcome.GRANTED;
        var text = new StringBuilder();
        for (int i = 0; i < 21; i++) {
            text.append((char) ('a' + chance.nextInt(26)));
        }
        key = text + "A=="; // 16 bytes
        earlyBytes = chance.oneIn(3) ? chance.oneOf(200, EARLY_BYTES_MAX, isRough ? 100_000 : EARLY_BYTES_MAX) : 0;
        upAtOrigin = new TunnelArrival(up);
        downAtClient = new TunnelArrival(down);
    }

    /** Its client asks, perhaps not for the first time: no origin has seen anything of it before. */
    void ask() {
        up = up.again();
    }

    /** An origin grants it; perhaps another has before, of which the proxy has not heard. What its client has sent already is for this one. */
    void grant() {
        isGranted = true;
        down = down.again();
        upAtOrigin = new TunnelArrival(up);
        downAtClient = new TunnelArrival(down);
    }

    /** Whether its client sends another frame before it knows whether it is granted. */
    boolean hasEarly() {
        return up.hasNext() && up.sentBytes() + up.nextBytes() <= earlyBytes;
    }

    /** Byte {@code offset} of what the client has sent. */
    byte sentUp(long offset) {
        return up.sentByte(offset);
    }

    /** @param mayHangUp whether who does all that it is asked for may hang up: of what it has said before, nothing may be lost */
    private static TunnelStream.Ending drawEnding(SimChance chance, boolean isRough, boolean mayHangUp) {
        TunnelStream.Ending drawn = chance.oneOf(TunnelStream.Ending.values());
        boolean isBreaking = drawn == TunnelStream.Ending.RESET || drawn == TunnelStream.Ending.HANG_UP && !mayHangUp;
        return isBreaking && !isRough ? TunnelStream.Ending.CLOSE_FRAME : drawn;
    }

    @Override
    public String toString() {
        return "up: " + upAtOrigin + "; down: " + downAtClient;
    }
}
