package dev.headgate.discover;

import dev.headgate.config.UpstreamConfig.EndpointConfig;
import java.net.SocketAddress;
import java.util.List;

/** One endpoint whose address is configured. */
final class FixedEndpoint implements EndpointSource {
    private final List<WantedEndpoint> only;

    FixedEndpoint(EndpointConfig config, SocketAddress known) {
        only = List.of(WantedEndpoint.at(config, known));
    }

    @Override
    public boolean doWork(long nowNs) {
        return false;
    }

    @Override
    public List<WantedEndpoint> current() {
        return only;
    }

    @Override
    public boolean isUnresolved() {
        return false;
    }

    @Override
    public boolean isAwaited() {
        return false;
    }

    @Override
    public int names() {
        return 0;
    }
}
