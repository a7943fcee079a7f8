package dev.headgate.tunnel;

import dev.headgate.engine.Immutable;
import dev.headgate.exchange.Cause;
import dev.headgate.exchange.LoopContext;
import dev.headgate.listener.ListenerNode;
import dev.headgate.observe.AccessRecord;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;
import dev.headgate.observe.LogLabel;
import dev.headgate.upstream.EndpointNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Tells access log and error log what became of tunnels. */
@Immutable
final class TunnelAccounting {
    private static final LogLabel[] CAUSES = new LogLabel[Cause.COUNT];

    static {
        for (Cause cause : Cause.values()) {
            CAUSES[cause.ordinal()] = LogLabel.of(cause.token());
        }
    }

    private final ListenerNode listener;
    private final ErrorLog errors;

    TunnelAccounting(ListenerNode listener, ErrorLog errors) {
        this.listener = listener;
        this.errors = errors;
    }

    /** A client that wanted a tunnel is gone. */
    void ended(LoopContext context, ClientTunnel tunnel, Cause cause) {
        report(tunnel, cause);
        AccessRecord record = context.accounting().beginRecord(tunnel.peer());
        if (record == null) {
            return;
        }
        EndpointNode endpoint = tunnel.endpoint();
        String serverName = tunnel.serverName();
        record.timeMs = tunnel.openedMs();
        record.listener = listener.label();
        record.protocol = tunnel.target().protocol();
        record.tls = tunnel.tls();
        record.cause = cause == Cause.NONE ? null : CAUSES[cause.ordinal()];
        record.upstream = tunnel.target().upstream().label();
        record.endpoint = endpoint == null ? null : endpoint.label();
        record.attempts = tunnel.attempts();
        record.bytesIn = tunnel.bytesIn();
        record.bytesOut = tunnel.bytesOut();
        record.durationUs = tunnel.durationUs();
        record.upstreamUs = tunnel.connectedUs();
        if (serverName != null) {
            byte[] name = serverName.getBytes(StandardCharsets.US_ASCII);
            record.host.set(ByteBuffer.wrap(name), 0, name.length);
        }
        context.accounting().endRecord();
    }

    /** Tries that failed have been told of when they did. */
    private void report(ClientTunnel tunnel, Cause cause) {
        switch (cause) {
            case OVERLOADED -> errors.report(LogEvent.OVERLOADED, "listener", listener.name());
            case UPSTREAM_RESET, UPSTREAM_TRUNCATED, UPSTREAM_TLS_BROKEN -> {
                EndpointNode endpoint = tunnel.endpoint();
                errors.report(
                        LogEvent.UPSTREAM_FAILED,
                        "upstream",
                        tunnel.target().upstream().name(),
                        "endpoint",
                        endpoint == null ? "" : endpoint.text(),
                        "failure",
                        cause.token());
            }
            default -> {}
        }
    }
}
