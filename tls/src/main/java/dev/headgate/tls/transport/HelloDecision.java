package dev.headgate.tls.transport;

import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.Immutable;
import dev.headgate.tls.context.ServerContext;
import org.jspecify.annotations.Nullable;

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

    /**
     * TLS is between the client and somebody behind: the connection goes on as it came, from its first byte.
     *
     * @param receiver who has it from now on
     */
    record PassThrough(Receiver receiver) implements HelloDecision {}

    /** Takes connections over whose TLS is not ours. Asked on the connection's loop, so it must be safe to ask from several at once. */
    @FunctionalInterface
    interface Receiver {
        /**
         * Takes over; {@code onOpen} and then all bytes follow, those of the hello first.
         *
         * @param transport the socket's connection
         * @param before the handler that was made at accept; it hears of nothing any more
         * @param serverName the name in the hello, in lower case and without a last dot; null when there is none
         * @return the handler of {@code transport} from now on
         */
        ConnectionHandler take(Connection transport, ConnectionHandler before, @Nullable String serverName);
    }
}
