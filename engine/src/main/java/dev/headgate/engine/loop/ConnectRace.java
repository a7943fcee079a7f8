package dev.headgate.engine.loop;

import dev.headgate.engine.AlternativeAddresses;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.SocketOptions;
import dev.headgate.engine.io.Ops;
import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.Poller;
import dev.headgate.engine.io.StreamSocket;
import dev.headgate.engine.timer.Timer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has in place of a socket while it connects to one of several addresses (RFC 8305 §5). The first socket that connects
 * is the connection's from then on; the others are closed.
 * <pre>
 *  address 1 ──connecting────────────────────────── closed
 *  address 2         delay └──connecting── refused
 *  address 3                               └──connecting── connected: the connection's
 * </pre>
 * The poller tells a {@link Lane} of each socket, and that of the winner goes on telling the connection.
 */
@LoopConfined
final class ConnectRace extends NoSocket {
    private final LoopCore loop;
    private final AlternativeAddresses addresses;
    private final SocketOptions options;
    private final List<Lane> running = new ArrayList<>(2);
    private final NextStart nextStart = new NextStart();
    private @Nullable Poller poller; // once begun
    private @Nullable Pollable connection; // likewise
    private int started;
    private boolean isOver;
    private @Nullable StreamSocket winner;
    private @Nullable IOException failure; // of the last one that failed
    private boolean isEachRefused = true;

    ConnectRace(LoopCore loop, AlternativeAddresses addresses, SocketOptions options) {
        this.loop = loop;
        this.addresses = addresses;
        this.options = options;
    }

    /** Begins; what is connected, or has failed, at once is told later, as if by the poller. */
    @Override
    public void register(Poller ofLoop, Pollable ofConnection, int ops) {
        poller = ofLoop;
        connection = ofConnection;
        startNext();
    }

    private void startNext() {
        List<SocketAddress> all = addresses.addresses();
        while (!isOver && started < all.size()) {
            if (start(all.get(started++))) {
                if (!isOver && started < all.size()) {
                    loop.timers().arm(nextStart, loop.nowNs() + addresses.delayNs());
                }
                return;
            }
        }
        if (!isOver && running.isEmpty()) {
            isOver = true;
            loop.defer(this::tellConnection);
        }
    }

    /** Whether a connect is under way. */
    private boolean start(SocketAddress address) {
        StreamSocket socket = null;
        try {
            socket = loop.connectSocket(address, options);
            Lane lane = new Lane(socket);
            boolean isAtOnce = socket.isConnected();
            socket.register(pollerOrThrow(), lane, isAtOnce ? Ops.READ : Ops.CONNECT);
            running.add(lane);
            if (isAtOnce) {
                win(lane);
                loop.defer(this::tellConnection);
            }
            return true;
        } catch (IOException e) {
            note(e);
            if (socket != null) {
                socket.close();
            }
            return false;
        }
    }

    private Poller pollerOrThrow() {
        Poller begun = poller;
        assert begun != null;
        return begun;
    }

    private void note(IOException reason) {
        failure = reason;
        isEachRefused &= reason instanceof ConnectException;
    }

    private void win(Lane lane) {
        isOver = true;
        winner = lane.socket;
        lane.isWinner = true;
        closeOthers();
    }

    private void closeOthers() {
        loop.timers().retire(nextStart);
        for (Lane each : running) {
            if (!each.isWinner) {
                each.socket.close();
            }
        }
        running.clear();
    }

    private void tellConnection() {
        Pollable waiting = connection;
        assert waiting != null;
        waiting.onReady(Ops.CONNECT);
    }

    /** One of the sockets. */
    private final class Lane implements Pollable {
        private final StreamSocket socket;
        private boolean isWinner;

        Lane(StreamSocket socket) {
            this.socket = socket;
        }

        @Override
        public void onReady(int readyOps) {
            Pollable waiting = connection;
            assert waiting != null;
            if (isWinner) {
                waiting.onReady(readyOps);
            } else if (!isOver) {
                loop.beginCycle();
                onConnectReady();
            }
        }

        private void onConnectReady() {
            try {
                if (!socket.finishConnect()) {
                    return;
                }
            } catch (IOException e) {
                note(e);
                running.remove(this);
                socket.close();
                startNext(); // At once, whether the delay has passed or not.
                return;
            }
            win(this);
            tellConnection();
        }

        @Override
        public void onReadyFailed(Throwable thrown) {
            Pollable waiting = connection;
            assert waiting != null;
            waiting.onReadyFailed(thrown);
        }
    }

    private final class NextStart extends Timer {
        @Override
        protected void onDeadline(long nowNs) {
            startNext();
        }
    }

    // ---- as a socket -----------------------------------------------------------------------------------------------

    @Override
    public boolean finishConnect() throws IOException {
        IOException last = failure;
        if (winner == null && isOver && last != null) {
            throw isEachRefused || !(last instanceof ConnectException)
                    ? last
                    : new IOException("no address can be connected to: " + addresses, last);
        }
        return winner != null;
    }

    /** The socket that has connected. */
    StreamSocket winner() {
        StreamSocket first = winner;
        assert first != null;
        return first;
    }

    @Override
    public void close() {
        isOver = true;
        closeOthers();
        if (winner != null) {
            winner.close();
        }
    }

    @Override
    public void reset() {
        isOver = true;
        closeOthers();
        if (winner != null) {
            winner.reset();
        }
    }
}
