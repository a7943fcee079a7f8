package dev.headgate.bench.fault.run;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * How proxies know the origins.
 *
 * @param origins all of them
 * @param nameServerPort where on 127.0.0.1 is asked for {@link #NAME}, by which they are known then; empty where they are known by their addresses
 */
record Backends(List<InetSocketAddress> origins, Optional<Integer> nameServerPort) {
    /** The name that origins have. */
    static final String NAME = "app.test";

    Backends {
        origins = List.copyOf(origins);
    }

    /** The name with the port of all origins; empty where they are known by their addresses. */
    Optional<InetSocketAddress> name() {
        return nameServerPort.map(
                _ -> InetSocketAddress.createUnresolved(NAME, origins.getFirst().getPort()));
    }
}
