package dev.headgate.exchange;

import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.forward.PeerAddress;
import dev.headgate.forward.RequestIdentity;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.RequestHead;
import dev.headgate.http.Violation;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.observe.AccessLogWriter;
import dev.headgate.observe.AccessRecord;
import dev.headgate.observe.ByteSpan;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.KeptRecord;
import dev.headgate.observe.LogEvent;
import dev.headgate.observe.LogLabel;
import dev.headgate.route.Route;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.UpstreamNode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Tells counters, access log and error log of one loop what became of each exchange. */
@LoopConfined
@HotPath
public final class Accounting {
    private static final long US = 1000;
    private static final LogLabel[] CAUSES = new LogLabel[Cause.COUNT];
    private static final LogLabel[] FALLBACKS = new LogLabel[Cause.COUNT];
    private static final LogLabel[] PROTOCOLS = new LogLabel[HttpVersion.values().length];

    static {
        for (HttpVersion version : HttpVersion.values()) {
            PROTOCOLS[version.ordinal()] = LogLabel.of("HTTP/" + version.text());
        }
        for (Cause cause : Cause.values()) {
            CAUSES[cause.ordinal()] = LogLabel.of(cause.token());
            FALLBACKS[cause.ordinal()] = cause == Cause.NONE ? LogLabel.of("answer") : CAUSES[cause.ordinal()];
        }
    }

    private final int loopIndex;
    private final @Nullable AccessLogWriter log;
    private final ErrorLog errors;
    private final AccessRecord record = new AccessRecord();
    private final ByteBuffer clientText = ByteBuffer.allocateDirect(64);
    private final EventLoop loop;
    private final HandOver handOver = new HandOver();

    public Accounting(EventLoop loop, @Nullable AccessLogWriter log, ErrorLog errors) {
        this.loop = loop;
        this.loopIndex = loop.index();
        this.log = log;
        this.errors = errors;
    }

    /** Makes the log take records that wait in a block that does not fill up. */
    private final class HandOver extends Timer {
        @Override
        protected void onDeadline(long nowNs) {
            if (log != null) {
                log.tick(nowNs);
                if (log.isPending()) {
                    loop.timers().arm(this, nowNs + AccessLogWriter.HAND_OVER_NS);
                }
            }
        }
    }

    void exchangeEnded(Exchange exchange) {
        count(exchange);
        if (log != null) {
            fill(exchange);
            writeTo(log);
        }
    }

    /** The exchange has become a tunnel: it counts as over, and what the log is to say at the tunnel's end is kept. */
    @Nullable
    KeptRecord exchangeSwitched(Exchange exchange) {
        count(exchange);
        if (log == null) {
            return null;
        }
        fill(exchange);
        return KeptRecord.of(record);
    }

    private void count(Exchange exchange) {
        ExchangeRecord seen = exchange.record();
        int status = shownStatus(seen);
        int cause = seen.cause().ordinal();
        long durationUs = seen.durationNs() / US;
        long overheadUs = overheadUs(seen);
        exchange.client()
                .listener()
                .metrics()
                .onExchangeEnded(loopIndex, status, cause, seen.bytesIn(), seen.bytesOut(), durationUs, overheadUs);
        Route route = exchange.routeOrNull();
        if (route != null) {
            route.metrics().onExchangeEnded(loopIndex, status, cause, seen.bytesIn(), seen.bytesOut(), durationUs);
        }
        if (seen.violation() != null) {
            requestRefused(exchange, seen.violation());
        }
        if (seen.cause() == Cause.OVERLOADED) {
            errors.report(
                    LogEvent.OVERLOADED,
                    "listener",
                    exchange.client().listener().name());
        }
    }

    private static long overheadUs(ExchangeRecord seen) {
        return Math.max(0, seen.durationNs() / US - seen.upstreamNs() / US);
    }

    /** What the client got, or for one that went away before it got anything, what its cause stands for. */
    private static int shownStatus(ExchangeRecord seen) {
        return seen.status() != 0 ? seen.status() : seen.cause().status();
    }

    private void fill(Exchange exchange) {
        ExchangeRecord seen = exchange.record();
        record.clear();
        record.timeMs = seen.startedMs();
        record.listener = exchange.client().listener().label();
        record.tls = exchange.client().tls();
        ClientIdentity identity = exchange.client().identity();
        if (identity != null) {
            record.tlsClient = identity.subject();
            record.tlsClientSha256 = identity.sha256();
            record.tlsClientFault = identity.fault();
        }
        record.cause = seen.cause() == Cause.NONE ? null : CAUSES[seen.cause().ordinal()];
        Cause fallback = seen.fallback();
        record.fallback = fallback == null ? null : FALLBACKS[fallback.ordinal()];
        record.status = shownStatus(seen);
        record.attempts = seen.attempts();
        record.bytesIn = seen.bytesIn();
        record.bytesOut = seen.bytesOut();
        record.durationUs = seen.durationNs() / US;
        record.upstreamUs = seen.upstreamNs() / US;
        record.overheadUs = overheadUs(seen);
        Route route = exchange.routeOrNull();
        if (route != null) {
            record.route = route.label();
            record.upstream = route.upstream() == null ? null : route.upstream().label();
        }
        EndpointNode endpoint = exchange.endpointOrNull();
        record.endpoint = endpoint == null ? null : endpoint.label();
        writeClient(exchange);
        RequestHead head = exchange.requestOrNull();
        if (head != null) {
            writeRequest(exchange.identity(), head);
        } else if (exchange.refusedHeadOrNull() != null) {
            writeRefused(exchange.refusedHeadOrNull(), seen.violation());
        }
    }

    private void writeTo(AccessLogWriter target) {
        target.write(record);
        if (!handOver.isArmed()) {
            loop.timers().arm(handOver, loop.nowNs() + AccessLogWriter.HAND_OVER_NS);
        }
    }

    /** Lends a record for what is no exchange, with the client's address in it; {@link #endRecord} follows. Null when there is no access log. */
    public @Nullable AccessRecord beginRecord(PeerAddress peer) {
        if (log == null) {
            return null;
        }
        record.clear();
        clientText.clear();
        peer.writeTo(clientText);
        record.client.set(clientText, 0, clientText.position());
        return record;
    }

    /** Writes the record that {@link #beginRecord} has lent. */
    public void endRecord() {
        if (log != null) {
            writeTo(log);
        }
    }

    /**
     * Writes the record of a tunnel that an exchange has become.
     *
     * @param kept by {@link #exchangeSwitched}; null when there is no access log
     */
    public void tunnelEnded(@Nullable KeptRecord kept, Cause cause, long bytesIn, long bytesOut, long durationUs) {
        if (log == null || kept == null) {
            return;
        }
        kept.writeTo(record);
        record.cause = cause == Cause.NONE ? null : CAUSES[cause.ordinal()];
        record.bytesIn += bytesIn;
        record.bytesOut += bytesOut;
        record.durationUs = durationUs;
        writeTo(log);
    }

    /** The endpoint has broken a tunnel that was open. */
    public void tunnelBroken(UpstreamNode upstream, @Nullable EndpointNode endpoint, Cause cause) {
        errors.report(
                LogEvent.UPSTREAM_FAILED,
                "upstream",
                upstream.name(),
                "endpoint",
                endpoint == null ? "" : endpoint.text(),
                "failure",
                cause.token());
    }

    private void writeClient(Exchange exchange) {
        clientText.clear();
        if (exchange.identity().client().isKnown()) {
            exchange.identity().client().writeTo(clientText);
        } else {
            exchange.client().peer().writeTo(clientText);
        }
        record.client.set(clientText, 0, clientText.position());
    }

    private void writeRequest(RequestIdentity identity, RequestHead head) {
        ByteBuffer bytes = head.bytes();
        record.protocol = PROTOCOLS[head.version().ordinal()];
        record.method.set(bytes, head.methodOffset(), head.methodLength());
        record.host.set(bytes, head.hostOffset(), head.hostLength());
        if (head.pathLength() > 0) {
            record.path.set(bytes, head.pathOffset(), head.pathLength());
            if (head.queryLength() >= 0) {
                record.query.set(bytes, head.queryOffset(), head.queryLength());
            }
        } else {
            record.path.set(bytes, head.targetOffset(), head.targetLength());
        }
        if (identity.requestIdLength() > 0) {
            record.requestId.set(bytes, identity.requestIdOffset(), identity.requestIdLength());
        }
        FieldSection fields = head.fields();
        set(record.userAgent, fields, Field.USER_AGENT);
        set(record.referer, fields, Field.REFERER);
    }

    /** Method and target of what may be no request: whichever is whole. */
    private void writeRefused(RequestHead head, @Nullable Violation violation) {
        ByteBuffer bytes = head.bytes();
        if (head.methodLength() > 0) {
            record.method.set(bytes, head.methodOffset(), head.methodLength());
        }
        // User information is a password more often than not, and no log's business (RFC 9110 §4.2.4).
        if (head.targetLength() > 0 && violation != Violation.TARGET_USERINFO) {
            record.path.set(bytes, head.targetOffset(), head.targetLength());
        }
    }

    private static void set(ByteSpan span, FieldSection fields, int id) {
        int at = fields.find(id);
        if (at >= 0) {
            span.set(fields.bytes(), fields.valueOffset(at), fields.valueLength(at));
        }
    }

    /** An attempt is over, well or not. */
    void attemptEnded(Exchange exchange, EndpointNode endpoint, int headBytesSent, long durationNs) {
        ExchangeRecord seen = exchange.record();
        UpstreamNode upstream = exchange.route().upstream();
        assert upstream != null;
        upstream.metrics().onAttemptEnded(loopIndex, durationNs / US);
        long bytesSent = headBytesSent == 0 ? 0 : headBytesSent + seen.requestBodyBytes();
        endpoint.metrics().onAttemptEnded(loopIndex, seen.status(), bytesSent, seen.bytesOut());
    }

    /** Another attempt of the same request was faster. */
    void attemptLost(Exchange exchange, EndpointNode endpoint, int headBytesSent, long durationNs) {
        UpstreamNode upstream = exchange.route().upstream();
        assert upstream != null;
        upstream.metrics().onAttemptEnded(loopIndex, durationNs / US);
        long bytesSent =
                headBytesSent == 0 ? 0 : headBytesSent + exchange.record().requestBodyBytes();
        endpoint.metrics().onAttemptEnded(loopIndex, 0, bytesSent, 0);
    }

    /** There is a second attempt beside one that takes long. */
    void hedge(UpstreamNode upstream) {
        upstream.metrics().onHedge(loopIndex);
    }

    /** The second attempt was faster. */
    void hedgeWon(UpstreamNode upstream) {
        upstream.metrics().onHedgeWon(loopIndex);
    }

    /** The budget does not allow a second attempt, or as many retries as may be are under way. */
    void hedgeRefused(UpstreamNode upstream) {
        upstream.metrics().onHedgeRefused(loopIndex);
    }

    /** The attempt has led to a tunnel, until whose end it counts as one under way: what it took to get there is known. */
    void attemptSwitched(Exchange exchange, long durationNs) {
        UpstreamNode upstream = exchange.route().upstream();
        assert upstream != null;
        upstream.metrics().onAttemptEnded(loopIndex, durationNs / US);
    }

    /** A request broke a rule of its protocol. */
    void requestRefused(Exchange exchange, Violation violation) {
        exchange.client().listener().metrics().onViolation(loopIndex, violation.ordinal());
        errors.report(
                LogEvent.REQUEST_REFUSED,
                "listener",
                exchange.client().listener().name(),
                "client",
                exchange.client().peer(),
                "violation",
                violation.token());
    }

    /** A client broke a rule of HTTP/2. */
    public void clientFault(Client client, Http2Violation violation) {
        client.listener().metrics().onHttp2Violation(loopIndex, violation.ordinal());
        errors.report(
                LogEvent.REQUEST_REFUSED,
                "listener",
                client.listener().name(),
                "client",
                client.peer(),
                "violation",
                violation.token());
    }

    /** An attempt has failed in a way that an operator wants to know of. */
    void attemptFailed(
            Exchange exchange,
            EndpointNode endpoint,
            Failure failure,
            @Nullable TlsFault fault,
            @Nullable String violation) {
        UpstreamNode upstream = exchange.route().upstream();
        if (violation == null || upstream == null) {
            attemptFailed(upstream, endpoint, failure.kind(), fault);
            return;
        }
        errors.report(
                LogEvent.UPSTREAM_FAILED,
                "upstream",
                upstream.name(),
                "endpoint",
                endpoint.text(),
                "failure",
                failure.kind().cause().token(),
                "violation",
                violation);
    }

    /** The same of an attempt that is no exchange's. */
    public void attemptFailed(
            @Nullable UpstreamNode upstream,
            @Nullable EndpointNode endpoint,
            FailureKind kind,
            @Nullable TlsFault fault) {
        LogEvent event = kind.isBeforeConnect() ? LogEvent.UPSTREAM_CONNECT_FAILED : LogEvent.UPSTREAM_FAILED;
        String upstreamName = upstream == null ? "" : upstream.name();
        String address = endpoint == null ? "" : endpoint.text();
        String token = kind.cause().token();
        if (fault == null) {
            errors.report(event, "upstream", upstreamName, "endpoint", address, "failure", token);
        } else {
            errors.report(event, "upstream", upstreamName, "endpoint", address, "failure", token, "tls", fault);
        }
    }

    /** An attempt has not begun, for no endpoint had room for it, or the upstream is not asked at the moment. */
    public void attemptRefused(UpstreamNode upstream, Cause cause) {
        if (cause == Cause.CIRCUIT_OPEN) { // Of which the agent has told.
            upstream.metrics().onCircuitOpen(loopIndex);
            return;
        }
        upstream.metrics().onPendingRefused(loopIndex, cause == Cause.PENDING_TIMEOUT);
        errors.report(LogEvent.UPSTREAM_FULL, "upstream", upstream.name(), "cause", cause.token());
    }

    public void noEndpoint(UpstreamNode upstream) {
        errors.report(LogEvent.UPSTREAM_NO_ENDPOINT, "upstream", upstream.name());
    }

    public void retry(UpstreamNode upstream) {
        upstream.metrics().onRetry(loopIndex);
    }

    public void retryRefused(UpstreamNode upstream) {
        upstream.metrics().onRetryRefused(loopIndex);
        errors.report(LogEvent.RETRY_BUDGET_EXHAUSTED, "upstream", upstream.name());
    }

    /** An answer is dropped for another attempt, or for a fallback. */
    void answerDropped(UpstreamNode upstream) {
        upstream.metrics().onAnswerDropped(loopIndex);
    }

    /** The content of a request goes on into a file. */
    void replayFile(UpstreamNode upstream) {
        upstream.metrics().onReplayFile(loopIndex);
    }

    /** What a file has kept of a request is let go, so that it cannot be sent once more. */
    void replayFileLost(UpstreamNode upstream) {
        upstream.metrics().onReplayFileLost(loopIndex);
    }

    /** The exchange's route has a fallback, and it is taken. */
    void fallback(Exchange exchange) {
        exchange.route().metrics().onFallback(loopIndex);
    }

    void filterFailed(Exchange exchange, Throwable failure) {
        errors.report(LogEvent.INTERNAL_FAILURE, "route", exchange.route().name(), "failure", failure.toString());
    }
}
