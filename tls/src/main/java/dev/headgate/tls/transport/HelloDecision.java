package dev.headgate.tls.transport;

import dev.headgate.engine.Immutable;
import dev.headgate.tls.context.ServerContext;

/** What becomes of a connection whose client has said hello. */
@Immutable
public sealed interface HelloDecision {
    /** The handshake goes on here, by these settings. */
    record Terminate(ServerContext context) implements HelloDecision {}

    /**
     * The connection ends.
     *
     * @param alert that tells the client (RFC 8446 §6.2)
     * @param detail for people; one line
     */
    record Refuse(TlsFailure failure, int alert, String detail) implements HelloDecision {}
}
