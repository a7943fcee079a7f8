package dev.headgate.http.h2;

/**
 * Where a stream is in its life (RFC 9113 §5.1). Without push there are no reserved streams.
 * <pre>
 *  IDLE ──HEADERS, sent or received──> OPEN ──our end──────> HALF_CLOSED_LOCAL ──the peer's end──> CLOSED
 *                                       └────the peer's end──> HALF_CLOSED_REMOTE ──our end─────────┘
 * </pre>
 * RST_STREAM of either side leads from anywhere but IDLE to CLOSED.
 */
enum StreamState {
    IDLE,
    OPEN,
    HALF_CLOSED_LOCAL,
    HALF_CLOSED_REMOTE,
    CLOSED;

    /** The state after we have ended our side. */
    StreamState onLocalEnd() {
        return switch (this) {
            case OPEN -> HALF_CLOSED_LOCAL;
            case HALF_CLOSED_REMOTE -> CLOSED;
            case IDLE, HALF_CLOSED_LOCAL, CLOSED -> throw new IllegalStateException("no side of ours to end: " + this);
        };
    }

    /** The state after the peer has ended its side. */
    StreamState onRemoteEnd() {
        return switch (this) {
            case OPEN -> HALF_CLOSED_REMOTE;
            case HALF_CLOSED_LOCAL -> CLOSED;
            case IDLE, HALF_CLOSED_REMOTE, CLOSED ->
                throw new IllegalStateException("no side of the peer's to end: " + this);
        };
    }

    /** Whether we may send DATA and HEADERS. */
    boolean canSend() {
        return switch (this) {
            case OPEN, HALF_CLOSED_REMOTE -> true;
            case IDLE, HALF_CLOSED_LOCAL, CLOSED -> false;
        };
    }

    /** Whether the peer may send DATA and HEADERS. */
    boolean canReceive() {
        return switch (this) {
            case OPEN, HALF_CLOSED_LOCAL -> true;
            case IDLE, HALF_CLOSED_REMOTE, CLOSED -> false;
        };
    }
}
