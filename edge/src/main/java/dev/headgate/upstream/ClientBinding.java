package dev.headgate.upstream;

import dev.headgate.engine.Connection;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.Attempt;
import dev.headgate.forward.IpAddress;
import org.jspecify.annotations.Nullable;

/** The one client that a connection has told its endpoint of, and which alone it may serve. */
@LoopConfined
final class ClientBinding {
    private final Connection client;
    private final long high; // of the address that was told
    private final long low;

    /** The next older idle session of the same client's connection. */
    @Nullable
    Http1ClientSession olderOfClient;

    ClientBinding(Attempt attempt) {
        IpAddress told = attempt.clientAddress();
        client = attempt.clientConnection();
        high = told.high();
        low = told.low();
    }

    /** By which the client reaches the proxy. Proxies before this one may bring several clients by one connection. */
    Connection client() {
        return client;
    }

    /** Whether {@code attempt}, which has come by the same connection, is this client's. */
    boolean isOf(Attempt attempt) {
        IpAddress asked = attempt.clientAddress();
        return high == asked.high() && low == asked.low();
    }
}
