package dev.headgate.bench.load;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.Decode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A client with a WebSocket: its first request asks for one, and each further one is a short message that has to come back.
 * <pre>
 *  CLOSED ─> CONNECTING ─> FREE ──send──> AWAITING_GRANT ──101──> OPEN ──send──> AWAITING_ECHO ──the message──> OPEN
 *    ^            └──────────┴───────────────────┴── failed, lost, refused ──┴──────────┴──┐
 *    └─────────────────────────────────────────────────────────────────────────────────────┘
 * </pre>
 */
@HotPath
@LoopConfined
final class TunnelClient extends Client implements ConnectionHandler {
    private enum State {
        CLOSED,
        CONNECTING,
        FREE,
        AWAITING_GRANT,
        OPEN,
        AWAITING_ECHO
    }

    private final TunnelKit tunnels;
    private final int sessionKey;
    private State state = State.CLOSED;
    private @Nullable Connection connection; // null exactly when CLOSED

    TunnelClient(ClientKit kit, TunnelKit tunnels, Owner owner) {
        super(kit, owner);
        this.tunnels = tunnels;
        this.sessionKey = kit.newSessionKey();
    }

    @Override
    boolean isClosed() {
        return state == State.CLOSED;
    }

    @Override
    boolean isConnecting() {
        return state == State.CONNECTING;
    }

    @Override
    boolean dial() {
        assert state == State.CLOSED;
        state = State.CONNECTING;
        connection = kit.connect(this, sessionKey, false);
        return true;
    }

    @Override
    void send() {
        assert state == State.FREE || state == State.OPEN;
        Connection to = connection;
        assert to != null;
        beginAnswer();
        if (state == State.FREE) {
            state = State.AWAITING_GRANT;
            to.write(tunnels.request());
        } else {
            state = State.AWAITING_ECHO;
            to.write(tunnels.message());
        }
    }

    @Override
    void drop(boolean isOrderly) {
        Connection gone = connection;
        connection = null;
        state = State.CLOSED;
        if (gone != null && isOrderly) {
            gone.close();
        } else if (gone != null) {
            gone.abort();
        }
    }

    @Override
    void timeOut() {
        fail(state == State.CONNECTING ? LoadError.CONNECT : LoadError.TIMEOUT, "no answer in time");
    }

    // ---- events

    private boolean isCurrent(Connection told) {
        return told == connection;
    }

    @Override
    public void onOpen(Connection opened) {
        if (isCurrent(opened)) {
            state = State.FREE;
            owner.onConnected(this);
        }
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        if (isCurrent(from)) {
            switch (state) {
                case AWAITING_GRANT -> onGrantBytes(bytes);
                case AWAITING_ECHO -> onEchoBytes(bytes);
                case FREE, OPEN -> fail(LoadError.MALFORMED, "bytes that nobody has asked for");
                case CLOSED, CONNECTING -> throw new IllegalStateException("bytes in state " + state);
            }
        }
        if (!isCurrent(from)) {
            bytes.position(bytes.limit());
        }
    }

    private void onGrantBytes(ByteBuffer bytes) {
        ResponseHead head = kit.head;
        head.clear();
        int answer = kit.decoder.decode(bytes, head, kit.method);
        if (answer == Decode.REFUSED) {
            fail(LoadError.MALFORMED, "no head");
        } else if (answer == Decode.COMPLETE && !head.isSwitchingProtocols()) {
            kit.examples.add(LoadError.STATUS, "no WebSocket, but status", head.status());
            fail(LoadError.STATUS);
        } else if (answer == Decode.COMPLETE && !tunnels.isGrantedBy(head)) {
            fail(LoadError.MALFORMED, "a 101 that does not answer the request");
        } else if (answer == Decode.COMPLETE && bytes.hasRemaining()) {
            fail(LoadError.MALFORMED, "bytes behind the answer");
        } else if (answer == Decode.COMPLETE) {
            state = State.OPEN;
            owner.onAnswered(this, null);
        }
    }

    private void onEchoBytes(ByteBuffer bytes) {
        int expected = tunnels.echoBytes();
        if (bytes.remaining() < expected) {
            return;
        }
        if (bytes.remaining() > expected || !tunnels.isEcho(bytes)) {
            fail(LoadError.CONTENT, "not the message that was sent");
            return;
        }
        bytes.position(bytes.limit());
        state = State.OPEN;
        owner.onAnswered(this, null);
    }

    @Override
    public void onEnd(Connection ended) {
        if (!isCurrent(ended)) {
            ended.close();
        } else if (state == State.FREE || state == State.OPEN) {
            drop(true);
            owner.onLost(this);
        } else {
            fail(LoadError.CLOSED, "closed before the answer was there");
        }
    }

    @Override
    public void onClosed(Connection gone, CloseCause cause) {
        if (!isCurrent(gone)) {
            return;
        }
        State before = state;
        connection = null;
        state = State.CLOSED;
        if (before == State.FREE || before == State.OPEN) {
            owner.onLost(this);
        } else {
            LoadError fault = before == State.CONNECTING ? LoadError.CONNECT : LoadError.RESET;
            kit.examples.add(fault, cause);
            owner.onFailed(this, fault);
        }
    }

    private void fail(LoadError fault, String example) {
        kit.examples.add(fault, example);
        fail(fault);
    }

    private void fail(LoadError fault) {
        drop(false);
        owner.onFailed(this, fault);
    }
}
