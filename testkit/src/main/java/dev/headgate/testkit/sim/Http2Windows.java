package dev.headgate.testkit.sim;

/**
 * Both directions' windows as a peer of the proxy knows them (RFC 9113 §6.9): what it may send, and what it has let the proxy send. A plain model: the whole
 * is what was given, less what was taken.
 */
final class Http2Windows {
    private static final int WINDOW_DEFAULT = 65_535;

    private final int connectionSize;
    private final int streamSize;
    private long sendConnection = WINDOW_DEFAULT;
    private int sendInitial = WINDOW_DEFAULT;
    private long receiveConnection = WINDOW_DEFAULT;
    private int receiveInitial = WINDOW_DEFAULT;

    /** Of one stream: credit that was given less bytes that were sent, in each direction; the initial sizes are apart. */
    static final class Balance {
        private long send;
        private long receive;
    }

    /**
     * On a new connection.
     *
     * @param connectionSize what the proxy has as the connection's window
     * @param streamSize and as each stream's
     */
    Http2Windows(int connectionSize, int streamSize) {
        this.connectionSize = connectionSize;
        this.streamSize = streamSize;
    }

    // ---- what the peer may send ----------------------------------------------------------------------------------

    long sendable(Balance stream) {
        return Math.min(sendConnection, sendInitial + stream.send);
    }

    void sent(Balance stream, int bytes) {
        sendConnection -= bytes;
        stream.send -= bytes;
    }

    /** The proxy announces its initial size, by which it goes itself once that is acknowledged. */
    void onInitial(int bytes, boolean isAcknowledged) {
        sendInitial = isAcknowledged ? bytes : Math.min(bytes, WINDOW_DEFAULT);
        if (bytes != streamSize) {
            throw new BrokenRule("I5: initial window " + bytes + ", configured " + streamSize);
        }
    }

    /** The proxy gives credit: never more than its windows are. */
    void onConnectionCredit(int bytes) {
        sendConnection += bytes;
        if (sendConnection > connectionSize) {
            throw new BrokenRule("I5: credit given twice: " + sendConnection + " of " + connectionSize);
        }
    }

    void onCredit(Balance stream, int bytes) {
        stream.send += bytes;
        if (stream.send > 0) {
            throw new BrokenRule("I5: credit given twice: " + stream.send + " beyond the initial size");
        }
    }

    /** The part of the connection's window that the proxy has not given back. */
    long missingBytes() {
        return connectionSize - sendConnection;
    }

    /** What the proxy may keep back at rest: less than this (it tells of credit by halves of the window). */
    int half() {
        return connectionSize / 2;
    }

    // ---- what the proxy may send -----------------------------------------------------------------------------------

    void received(Balance stream, int bytes) {
        receiveConnection -= bytes;
        stream.receive -= bytes;
    }

    void initial(int bytes) {
        receiveInitial = bytes;
    }

    /** What makes the connection's window {@code target} again, once half of it is used; else 0. */
    int connectionCredit(int target) {
        int bytes = credit(receiveConnection, target);
        receiveConnection += bytes;
        return bytes;
    }

    /** The same for a stream. */
    int credit(Balance stream, int target) {
        int bytes = credit(receiveInitial + stream.receive, target);
        stream.receive += bytes;
        return bytes;
    }

    private static int credit(long window, int target) {
        return window <= target / 2 ? (int) (target - window) : 0;
    }
}
