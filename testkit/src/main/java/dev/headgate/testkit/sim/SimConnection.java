package dev.headgate.testkit.sim;

import java.net.SocketAddress;

/**
 * One connection: two {@link Pipe}s between the proxy's {@link SimSocket} and a peer's {@link PeerEnd}, with the rules of TCP for ends and
 * resets. A close with unread input, or input that arrives after the close, makes a reset; a reset destroys what is on its way.
 */
public final class SimConnection {
    private static final int CUT_WITHIN_BYTES = 20_000;

    private final SimIo io;
    private final int number;
    private final SimChance chance;
    private final Side proxySide;
    private final Side peerSide;
    private final SimSocket socket;
    private final PeerEnd peer;

    /** What one end sees and has done. */
    static final class Side {
        private final SimConnection connection;
        private final Pipe in;
        private Pipe out;
        private Side other;
        private boolean isClosed;
        private boolean isReset;
        private boolean hasSentReset;

        @SuppressWarnings("NullAway.Init") // Set before anybody sees it.
        private Side(SimConnection connection, Pipe in) {
            this.connection = connection;
            this.in = in;
        }

        Pipe in() {
            return in;
        }

        Pipe out() {
            return out;
        }

        /** Whether this end has closed. */
        boolean isClosed() {
            return isClosed;
        }

        /** Whether a reset has come from the other end or from the way. */
        boolean isReset() {
            return isReset;
        }

        void close() {
            if (isClosed) {
                return;
            }
            isClosed = true;
            if (isReset) {
                return;
            }
            if (in.readableBytes() > 0) {
                sendReset();
            } else {
                out.end();
            }
        }

        void reset() {
            if (!isClosed) {
                isClosed = true;
                sendReset();
            }
        }

        private void sendReset() {
            if (hasSentReset || isReset) {
                return;
            }
            hasSentReset = true;
            out.loseWhatIsOnItsWay();
            connection.later(other::onReset);
        }

        private void onArrival() {
            if (!isClosed) {
                connection.changed(this);
            } else if (in.readableBytes() > 0) {
                in.loseUnread();
                sendReset();
            }
        }

        private void onReset() {
            if (isReset || isClosed) {
                return;
            }
            isReset = true;
            connection.io.simulator().trace("reset-arrived", connection.number, in.readableBytes());
            in.refuseMore();
            if (connection.io.faults().resetDropsUnread()) {
                in.loseUnread();
            }
            connection.changed(this);
        }
    }

    SimConnection(SimIo io, int number, SocketAddress proxyAddress, SocketAddress peerAddress) {
        this.io = io;
        this.number = number;
        this.chance = io.simulator().chance().fork();
        FaultPlan faults = io.faults();
        Pipe toProxy = new Pipe(io.simulator(), faults, chance.fork(), this::onArrivalAtProxy, this::onCut);
        Pipe toPeer = new Pipe(io.simulator(), faults, chance.fork(), this::onArrivalAtPeer, this::onCut);
        proxySide = new Side(this, toProxy);
        peerSide = new Side(this, toPeer);
        proxySide.out = toPeer;
        proxySide.other = peerSide;
        peerSide.out = toProxy;
        peerSide.other = proxySide;
        if (chance.oneIn(faults.resetOneIn())) {
            chance.oneOf(toProxy, toPeer).cutAt(chance.skewed(CUT_WITHIN_BYTES));
        }
        socket = new SimSocket(io, this, proxySide, proxyAddress, peerAddress);
        peer = new PeerEnd(this, peerSide);
    }

    int number() {
        return number;
    }

    SimIo io() {
        return io;
    }

    SimSocket socket() {
        return socket;
    }

    /** The end of the peer. */
    public PeerEnd peer() {
        return peer;
    }

    private void onArrivalAtProxy() {
        proxySide.onArrival();
    }

    private void onArrivalAtPeer() {
        peerSide.onArrival();
    }

    private void onCut() {
        io.simulator().trace("cut", number, 0);
        proxySide.onReset();
        peerSide.onReset();
    }

    private void changed(Side side) {
        if (side == proxySide) {
            socket.changed();
        } else {
            peer.changed();
        }
    }

    /** The proxy has read: the peer will learn that there is room. */
    void onReadByProxy() {
        later(peer::changed);
    }

    /** The peer has read: the proxy learns that there is room. */
    void onReadByPeer() {
        socket.changed();
    }

    /** Lets {@code action} happen when word of it has come over. */
    void later(Runnable action) {
        io.simulator().after(io.faults().latencyNs(chance), action);
    }
}
