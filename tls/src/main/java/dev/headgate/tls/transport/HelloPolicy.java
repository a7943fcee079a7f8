package dev.headgate.tls.transport;

import dev.headgate.engine.AnyThread;
import dev.headgate.tls.hello.ClientHello;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of connections by what their clients say first. */
@AnyThread
@FunctionalInterface
public interface HelloPolicy {
    /**
     * Decides on the loop, so without blocking.
     *
     * @param hello lent for the call
     * @param serverName the name in it, in lower case and without a last dot; null when there is none
     */
    HelloDecision decide(ClientHello hello, @Nullable String serverName);
}
