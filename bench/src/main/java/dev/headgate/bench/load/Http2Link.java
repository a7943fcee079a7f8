package dev.headgate.bench.load;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.frames.FrameOutbox;
import dev.headgate.http.FieldSection;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h2.ErrorCode;
import dev.headgate.http.h2.Http2Connection;
import dev.headgate.http.h2.Http2Listener;
import dev.headgate.http.h2.Http2Role;
import dev.headgate.http.h2.Http2Stream;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.http.h2.ResetBy;
import dev.headgate.http.h2.StreamEnd;
import dev.headgate.tls.transport.SecureConnection;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection of the generator's, from its connect to its end, with the clients that are on it.
 * <pre>
 *  CONNECTING ──open──> OPEN ──GOAWAY──> DRAINING ──last answer──> CLOSED
 *       └─────────────────┴──lost, failed, or nobody is on it any more──^
 * </pre>
 */
@HotPath
@LoopConfined
final class Http2Link implements ConnectionHandler, Http2Listener, Runnable {
    private static final String PROTOCOL = "h2";

    private enum State {
        CONNECTING,
        OPEN,
        DRAINING,
        CLOSED
    }

    private final ClientKit kit;
    private final Http2Kit common;
    private final Http2Group group;
    private State state = State.CONNECTING;
    private @Nullable Connection connection; // from connect on
    private @Nullable Http2Connection http2; // from OPEN on
    private @Nullable FrameOutbox frames; // together with it
    private @Nullable Http2Violation violation; // the last one
    private LoadError endedBy = LoadError.RESET; // what its end is to streams that are open
    private int attached;
    private int awaitingStream;
    private int nextInLine;
    private boolean isDeferred;

    Http2Link(ClientKit kit, Http2Kit common, Http2Group group) {
        this.kit = kit;
        this.common = common;
        this.group = group;
    }

    // ---- clients

    void connect(int sessionKey) {
        connection = kit.connect(this, sessionKey, false);
    }

    void attach(Http2Client client) {
        attached++;
        client.onAttached(this);
        if (state == State.OPEN) {
            welcome();
        }
    }

    /** Somebody has to be told that the connection is there, behind the current call. */
    void welcome() {
        defer();
    }

    private void defer() {
        if (!isDeferred) {
            isDeferred = true;
            kit.loop.defer(this);
        }
    }

    /** Whether it takes requests. */
    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Opens a stream for a client's request; one that cannot be opened yet is opened when it can. */
    void request(Http2Client client) {
        if (!tryRequest(client)) {
            awaitingStream++;
        }
    }

    private boolean tryRequest(Http2Client client) {
        Http2Connection to = http2();
        if (!to.isPeerSettingsSeen() && to.streamCount() >= Http2Kit.STREAMS_UNSAID) {
            return false;
        }
        long nowNs = kit.loop.nowNs();
        Http2Stream opened = to.request(common.request, common.options, common.contentLength, common.headEnd, nowNs);
        if (opened == null) {
            return false;
        }
        opened.attach(client);
        client.onRequestSent(opened);
        if (common.headEnd == StreamEnd.OPEN) {
            client.newContent().start(common.contentBytes, StreamEnd.END);
            client.content().send(to, opened, frames(), kit.pattern, nowNs);
        }
        return true;
    }

    /** A client has gone; {@code dropped}, if it had a stream, is reset. Without any the connection is closed. */
    void leave(@Nullable Http2Stream dropped) {
        attached--;
        if (state != State.CLOSED && dropped != null) {
            http2().release(dropped);
        }
        if (attached == 0 && state != State.CLOSED) {
            group.forget(this);
            defer();
        }
    }

    /** A request is not waited for any longer. */
    void cancel(Http2Stream late) {
        http2().release(late);
        defer();
    }

    /** The connection is not waited for any longer. */
    void giveUp() {
        end(LoadError.CONNECT, false);
    }

    // ---- what is due behind the current call

    @Override
    public void run() {
        isDeferred = false;
        if (state == State.OPEN) {
            welcomeAll();
        }
        goOn();
    }

    private void welcomeAll() {
        List<Http2Client> clients = group.clients;
        for (int i = 0; i < clients.size(); i++) {
            Http2Client client = clients.get(i);
            if (client.attachedTo() == this && client.isConnecting()) {
                client.onOpen();
            }
        }
    }

    /** Opens streams that wait, sends content that waits, and ends what has come to its end. */
    private void goOn() {
        if (state == State.CONNECTING || state == State.CLOSED) {
            if (attached == 0) {
                end(LoadError.CLOSED, true);
            }
            return;
        }
        openStreams();
        giveTurns();
        if (attached == 0 || state == State.DRAINING && http2().streamCount() == 0) {
            end(LoadError.CLOSED, true);
        }
    }

    private void openStreams() {
        List<Http2Client> clients = group.clients;
        for (int looked = 0; awaitingStream > 0 && looked < clients.size(); looked++) {
            Http2Client client = clients.get(nextInLine);
            if (isAwaitingStream(client)) {
                if (!tryRequest(client)) {
                    return;
                }
                awaitingStream--;
            }
            nextInLine = (nextInLine + 1) % clients.size();
        }
        if (awaitingStream > 0) {
            awaitingStream = 0; // They have been dropped meanwhile.
        }
    }

    private boolean isAwaitingStream(Http2Client client) {
        return client.attachedTo() == this && client.state() == Http2Client.State.AWAITING_STREAM;
    }

    private void giveTurns() {
        Http2Connection from = http2();
        while (!frames().isCongested()) {
            Http2Stream next = from.nextToSend();
            if (next == null) {
                return;
            }
            of(next).content().send(from, next, frames(), kit.pattern, kit.loop.nowNs());
        }
    }

    // ---- events of the connection

    @Override
    public void onOpen(Connection opened) {
        if (state != State.CONNECTING) {
            return;
        }
        if (opened instanceof SecureConnection secure && !PROTOCOL.equals(secure.applicationProtocol())) {
            kit.examples.add(LoadError.CONNECT, "the target has not chosen h2");
            end(LoadError.CONNECT, false);
            return;
        }
        long nowNs = kit.loop.nowNs();
        FrameOutbox out = new FrameOutbox(opened, common.frames);
        Http2Connection made = new Http2Connection(Http2Role.CLIENT, Http2Kit.LIMITS, common.scratch, out, this, nowNs);
        frames = out;
        http2 = made;
        state = State.OPEN;
        common.onLinkOpened();
        made.start(nowNs);
        welcomeAll();
        goOn();
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        if (state == State.CLOSED) {
            bytes.position(bytes.limit());
            return;
        }
        Http2Connection to = http2();
        if (frames().isDrained()) {
            to.onOutputDrained();
        }
        if (to.receive(bytes, kit.loop.nowNs())) {
            goOn();
        } else {
            end(LoadError.MALFORMED, true);
        }
        if (state == State.CLOSED) {
            bytes.position(bytes.limit());
        }
    }

    @Override
    public void onWritable(Connection writable) {
        if (state == State.OPEN || state == State.DRAINING) {
            frames().onWritable();
            goOn();
        }
    }

    @Override
    public void onEnd(Connection ended) {
        end(LoadError.CLOSED, true);
        ended.close();
    }

    @Override
    public void onClosed(Connection gone, CloseCause cause) {
        if (state == State.CLOSED) {
            return;
        }
        LoadError fault = state == State.CONNECTING ? LoadError.CONNECT : LoadError.RESET;
        if (state == State.CONNECTING || http2().streamCount() > 0) {
            kit.examples.add(fault, cause);
        }
        end(fault, false);
    }

    /** Ends the connection, and the requests on it with {@code fault}. */
    private void end(LoadError fault, boolean isOrderly) {
        if (state == State.CLOSED) {
            return;
        }
        State before = state;
        state = State.CLOSED;
        endedBy = fault;
        group.forget(this);
        Connection gone = connection;
        Http2Connection protocol = http2;
        FrameOutbox out = frames;
        if (protocol != null && out != null) {
            common.onLinkEnded();
            if (isOrderly) {
                protocol.finishDrain(); // Says GOAWAY, unless that has been said.
                out.flush();
            }
            protocol.onTransportClosed(); // Each open stream is told of: onReset.
            out.close();
        }
        if (gone != null && isOrderly) {
            gone.close();
        } else if (gone != null) {
            gone.abort();
        }
        dismiss(before == State.CONNECTING ? LoadError.CONNECT : fault);
    }

    /** Nobody is on it any more. */
    private void dismiss(LoadError fault) {
        List<Http2Client> clients = group.clients;
        for (int i = 0; i < clients.size(); i++) {
            Http2Client client = clients.get(i);
            if (client.attachedTo() == this) {
                switch (client.state()) {
                    case CLOSED -> client.onDetached();
                    case CONNECTING -> {
                        client.onDetached();
                        client.fail(fault);
                    }
                    case FREE -> client.onLost();
                    case AWAITING_STREAM, AWAITING_HEAD, IN_CONTENT -> {
                        client.onDetached();
                        client.fail(fault);
                    }
                }
            }
        }
    }

    // ---- events of the protocol

    private static Http2Client of(Http2Stream stream) {
        Object owner = stream.attachment();
        assert owner != null;
        return (Http2Client) owner;
    }

    @Override
    public void onInterim(Http2Stream stream, ResponseHead head) {
        // The answer is still to come.
    }

    @Override
    public void onResponse(Http2Stream stream, ResponseHead head, StreamEnd end) {
        of(stream).onHead(head.status());
        if (end == StreamEnd.END) {
            complete(stream);
        }
    }

    @Override
    public void onData(Http2Stream stream, ByteBuffer content) {
        int length = content.remaining();
        of(stream).take(content, length);
        http2().consumed(stream, length);
    }

    @Override
    public void onEnd(Http2Stream stream, @Nullable FieldSection trailers) {
        complete(stream);
    }

    private void complete(Http2Stream stream) {
        Http2Client client = of(stream);
        http2().release(stream);
        client.onComplete(state == State.OPEN && !kit.isPerRequest);
    }

    @Override
    public void onReset(Http2Stream stream, int errorCode, ResetBy by) {
        Http2Client client = of(stream);
        http2().release(stream);
        switch (by) {
            case PEER -> {
                kit.examples.add(LoadError.RESET, "stream reset,", ErrorCode.name(errorCode));
                client.fail(LoadError.RESET);
            }
            case FAULT -> client.fail(faultOfTarget());
            case GOAWAY -> failUnsent(client);
            case CONNECTION -> {
                client.onDetached();
                onCutOff(client);
            }
        }
    }

    private void failUnsent(Http2Client client) {
        kit.examples.add(LoadError.GOAWAY, "the request was not looked at");
        client.fail(LoadError.GOAWAY);
    }

    /** The connection has ended before the answer. */
    private void onCutOff(Http2Client client) {
        if (state != State.CLOSED) {
            client.fail(faultOfTarget()); // The codec has ended it, from within its read pass.
        } else if (endedBy == LoadError.CLOSED && client.state() == Http2Client.State.IN_CONTENT) {
            kit.examples.add(LoadError.LENGTH, "cut off after", client.contentBytes());
            client.fail(LoadError.LENGTH);
        } else if (endedBy == LoadError.CLOSED) {
            kit.examples.add(LoadError.CLOSED, "closed before the answer was there");
            client.fail(LoadError.CLOSED);
        } else {
            client.fail(endedBy);
        }
    }

    private LoadError faultOfTarget() {
        Http2Violation found = violation;
        if (found == Http2Violation.CONTENT_LENGTH_MISMATCH) {
            kit.examples.add(LoadError.LENGTH, found.token());
            return LoadError.LENGTH;
        }
        kit.examples.add(LoadError.MALFORMED, found == null ? "not HTTP/2" : found.token());
        return LoadError.MALFORMED;
    }

    @Override
    public void onViolation(Http2Violation found, int streamId) {
        violation = found;
    }

    @Override
    public void onGoAway(int lastStreamId, int errorCode) {
        if (state != State.OPEN) {
            return;
        }
        state = State.DRAINING;
        group.forget(this);
        List<Http2Client> clients = group.clients;
        for (int i = 0; i < clients.size(); i++) {
            Http2Client client = clients.get(i);
            if (client.attachedTo() == this) {
                switch (client.state()) {
                    case CLOSED -> client.drop(true);
                    case CONNECTING -> client.moveOn();
                    case FREE -> client.onLost();
                    case AWAITING_STREAM -> failUnsent(client);
                    case AWAITING_HEAD, IN_CONTENT -> {}
                }
            }
        }
    }

    // ---- small helpers

    private Http2Connection http2() {
        Http2Connection current = http2;
        assert current != null;
        return current;
    }

    private FrameOutbox frames() {
        FrameOutbox current = frames;
        assert current != null;
        return current;
    }
}
