package dev.headgate.upstream;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.TlsFault;
import dev.headgate.tls.transport.SecureConnection;
import dev.headgate.tls.transport.TlsFailure;
import org.jspecify.annotations.Nullable;

/** How an HTTP/2 connection to an origin has ended, in the words of the requests and tunnels that were on it. */
@LoopConfined
@HotPath
final class ConnectionEnd {
    private FailureKind kind = FailureKind.RESET;
    private CloseCause localCause = CloseCause.BUDGET_EXCEEDED;
    private @Nullable TlsFault tlsFault;

    ConnectionEnd() {}

    FailureKind kind() {
        return kind;
    }

    /** What was wrong with TLS if that is how it ended. */
    @Nullable
    TlsFault tlsFault() {
        return tlsFault;
    }

    /** How a tunnel ends whose end is this side's doing. */
    CloseCause localCause() {
        return localCause;
    }

    /** It ends for this reason, as far as one knows; what is said later counts. */
    void by(FailureKind reason) {
        kind = reason;
    }

    /** The transport is gone. */
    void by(CloseCause cause, Connection connection) {
        localCause = cause;
        kind = switch (cause) {
            case CONNECT_REFUSED, CONNECT_FAILED, RESET, CLOSED, ABORTED -> FailureKind.RESET;
            case TRUNCATED -> FailureKind.CLOSED;
            case TRANSPORT_FAILED -> tlsFailure(connection);
            case BUDGET_EXCEEDED, HANDLER_FAILED, LOOP_STOPPED -> FailureKind.LOCAL;
        };
    }

    private FailureKind tlsFailure(Connection connection) {
        SecureConnection secure = connection instanceof SecureConnection of ? of : null;
        TlsFailure failure = secure == null ? null : secure.failure();
        if (secure == null || failure == null) {
            return FailureKind.RESET;
        }
        tlsFault = new TlsFault(failure, secure.failureDetail());
        return FailureKind.ofOpenTls(failure);
    }
}
