package dev.headgate.bench.load;

import dev.headgate.bench.body.BodyPattern;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.SocketOptions;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Method;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.ResponseHeadDecoder;
import dev.headgate.tls.transport.SecureConnection;
import dev.headgate.tls.transport.TlsClient;
import dev.headgate.tls.transport.TlsFailure;
import dev.headgate.tls.transport.TlsObserver;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What the clients of one kind on one loop have in common. */
@LoopConfined
final class ClientKit {
    private static final SocketOptions SLOW_READER_OPTIONS =
            new SocketOptions(true, 0, 4 * 1024, 64 * 1024, 16 * 1024, 256 * 1024, 256 * 1024);

    final EventLoop loop;
    final LoadRequest request;
    final RequestWriter writer;
    final Examples examples;
    final BodyPattern pattern;
    final boolean isPerRequest;
    final boolean isContentVerified;
    final int method;
    final Http1Limits limits = Http1Limits.RESPONSE_DEFAULTS;
    final ResponseHeadDecoder decoder = new ResponseHeadDecoder(limits);
    final ResponseHead head = new ResponseHead(); // scratch: valid within one call
    final @Nullable Http2Kit http2; // where clients speak it
    final ByteBuffer nothing = ByteBuffer.allocate(0);
    private final LoadPlan plan;
    private final SourceAddresses sources;
    private final @Nullable LoadSecurity security; // of connections that are protected
    private final @Nullable TlsClient tls; // together with it
    private long connectionsBegun;

    /** Hears of handshakes. */
    interface HandshakeCounter {
        /** Counts none. */
        HandshakeCounter NONE = (nowNs, isResumed) -> {};

        void onHandshake(long nowNs, boolean isResumed);
    }

    ClientKit(
            EventLoop loop,
            LoadPlan plan,
            @Nullable LoadSecurity security,
            HandshakeCounter handshakes,
            Examples examples,
            BodyPattern pattern) {
        this.loop = loop;
        this.plan = plan;
        this.security = security;
        this.tls = security == null ? null : security.client(new Observer(handshakes));
        this.sources = new SourceAddresses(plan.sourceAddresses(), SocketOptions.DEFAULTS, loop.index());
        this.request = plan.request();
        this.writer = new RequestWriter(plan, pattern);
        this.examples = examples;
        this.pattern = pattern;
        this.isPerRequest = plan.connectionUse() == LoadPlan.ConnectionUse.PER_REQUEST;
        this.isContentVerified = request.isContentVerified();
        this.method = Method.idOf(request.method());
        this.http2 = plan.http2Streams() > 0 ? new Http2Kit(plan) : null;
    }

    /** @param sessionKey of the session that the client takes up where sessions are resumed */
    Connection connect(ConnectionHandler client, int sessionKey, boolean isSlowReader) {
        connectionsBegun++;
        SocketOptions options = isSlowReader ? SLOW_READER_OPTIONS : sources.takeNext();
        TlsClient secure = tls;
        LoadSecurity common = security;
        if (secure == null || common == null) {
            return loop.connect(plan.target(), options, client);
        }
        int key = common.isResuming() ? sessionKey : common.newSessionKey();
        return secure.connect(loop, plan.target(), options, common.serverName(), key, client);
    }

    int newSessionKey() {
        return security == null ? 0 : security.newSessionKey();
    }

    /** Counts, and says why what failed did: to the client it is a connection that has ended. */
    private final class Observer implements TlsObserver {
        private final HandshakeCounter handshakes;

        Observer(HandshakeCounter handshakes) {
            this.handshakes = handshakes;
        }

        @Override
        public void onHandshake(SecureConnection connection, long durationNs) {
            handshakes.onHandshake(loop.nowNs(), connection.isResumed());
        }

        @Override
        public void onFailure(SecureConnection connection, TlsFailure failure, String detail) {
            examples.add(LoadError.CONNECT, failure, detail);
        }
    }

    long connectionsBegun() {
        return connectionsBegun;
    }
}
