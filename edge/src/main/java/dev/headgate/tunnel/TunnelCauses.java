package dev.headgate.tunnel;

import dev.headgate.engine.CloseCause;
import dev.headgate.exchange.Cause;

/** What the end of a tunnel is called in counters and logs. */
final class TunnelCauses {
    private TunnelCauses() {}

    static Cause of(Tunnel parted) {
        CloseCause failure = parted.failure();
        return switch (parted.end()) {
            case ORDERLY -> Cause.NONE;
            case NEAR_FAILED -> ofClient(failure == null ? CloseCause.RESET : failure);
            case FAR_FAILED -> ofUpstream(failure == null ? CloseCause.RESET : failure);
            case IDLE -> Cause.TUNNEL_IDLE;
            case AGED -> Cause.TUNNEL_AGED;
            case DRAINED -> Cause.TUNNEL_DRAINED;
            case CUT_OFF -> Cause.STOPPED;
        };
    }

    static Cause ofClient(CloseCause cause) {
        return switch (cause) {
            case CLOSED, ABORTED, RESET, TRUNCATED, TRANSPORT_FAILED, CONNECT_REFUSED, CONNECT_FAILED ->
                Cause.CLIENT_ABORTED;
            case BUDGET_EXCEEDED -> Cause.OVERLOADED;
            case HANDLER_FAILED -> Cause.INTERNAL;
            case LOOP_STOPPED -> Cause.STOPPED;
        };
    }

    private static Cause ofUpstream(CloseCause cause) {
        return switch (cause) {
            case CLOSED, ABORTED, RESET, CONNECT_REFUSED, CONNECT_FAILED -> Cause.UPSTREAM_RESET;
            case TRUNCATED -> Cause.UPSTREAM_TRUNCATED;
            case TRANSPORT_FAILED -> Cause.UPSTREAM_TLS_BROKEN;
            case BUDGET_EXCEEDED -> Cause.OVERLOADED;
            case HANDLER_FAILED -> Cause.INTERNAL;
            case LOOP_STOPPED -> Cause.STOPPED;
        };
    }

    /** Whether the endpoint has broken a tunnel that was open. */
    static boolean isOfEndpoint(Cause cause) {
        return cause == Cause.UPSTREAM_RESET || cause == Cause.UPSTREAM_TRUNCATED || cause == Cause.UPSTREAM_TLS_BROKEN;
    }
}
