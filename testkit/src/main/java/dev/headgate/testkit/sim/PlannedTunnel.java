package dev.headgate.testkit.sim;

/** What becomes of a request for a WebSocket: both directions, and whether the origin grants it. */
final class PlannedTunnel {
    /** What an origin with HTTP/1.1 answers. */
    enum Welcome {
        GRANTED,
        /** As any other request. */
        ANSWERED,
        /** Granted, with a proof that is none. */
        UNPROVEN
    }

    TunnelStream up;
    TunnelStream down;
    final Welcome welcome;
    final String key;
    boolean isGranted; // by an origin, with its proof

    PlannedTunnel(SimChance chance, int bodyMax, boolean isRough) {
        up = new TunnelStream(chance, bodyMax, true, drawEnding(chance, isRough));
        down = new TunnelStream(chance, bodyMax, false, drawEnding(chance, isRough));
        welcome = chance.oneIn(8) ? chance.oneOf(Welcome.ANSWERED, Welcome.UNPROVEN) : Welcome.GRANTED;
        var text = new StringBuilder();
        for (int i = 0; i < 21; i++) {
            text.append((char) ('a' + chance.nextInt(26)));
        }
        key = text + "A=="; // 16 bytes
    }

    /** An origin grants it; perhaps another has before, of which the proxy has not heard. */
    void grant() {
        isGranted = true;
        up = up.again();
        down = down.again();
    }

    /** Byte {@code offset} of what the client has sent. */
    byte sentUp(long offset) {
        return up.sentByte(offset);
    }

    private static TunnelStream.Ending drawEnding(SimChance chance, boolean isRough) {
        TunnelStream.Ending drawn = chance.oneOf(TunnelStream.Ending.values());
        return drawn == TunnelStream.Ending.RESET && !isRough ? TunnelStream.Ending.CLOSE_FRAME : drawn;
    }

    @Override
    public String toString() {
        return "up: " + up + "; down: " + down;
    }
}
