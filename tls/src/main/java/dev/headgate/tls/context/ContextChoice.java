package dev.headgate.tls.context;

import dev.headgate.engine.AnyThread;
import org.jspecify.annotations.Nullable;

/** Which context the handshake of a connection goes on by: there is one for each policy on client certificates. */
@AnyThread
@FunctionalInterface
public interface ContextChoice {
    /**
     * Chooses on the loop, so without blocking.
     *
     * @param serverName in lower case and without a last dot; null when the client names none
     */
    ServerContext of(@Nullable String serverName);
}
