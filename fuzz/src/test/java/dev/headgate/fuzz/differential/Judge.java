package dev.headgate.fuzz.differential;

import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;

/**
 * A program that reads HTTP/1.1 between a client and an origin that both belong to the test. What it passes on to
 * {@link #origin} is what it understood of a request's bytes, and what it answers is what it understood of a response's.
 */
interface Judge extends AutoCloseable {
    /** As the quirk list names it. */
    String name();

    /** True of a program that reads trailers and tells nobody. */
    default boolean hidesTrailers() {
        return false;
    }

    /** A new client's connection. */
    RawClient connect();

    /** Where it passes requests on to; nobody else does. */
    ScriptedOrigin origin();

    /**
     * Breaks the origin's connection of {@code exchange} so that the program finds it broken behind what was sent to it, and not before:
     * its own sockets may drop what arrived.
     */
    void breakOff(OriginExchange exchange, RawClient client) throws IOException;

    @Override
    void close();
}
