package dev.headgate.graph;

import dev.headgate.engine.Immutable;
import dev.headgate.exchange.ExchangeRules;
import dev.headgate.listener.ListenerNode;
import dev.headgate.upstream.UpstreamNode;
import java.util.List;

/**
 * One configuration as running objects.
 *
 * @param rules what exchanges go by: all that loops read of it
 */
@Immutable
public record ProxySnapshot(List<ListenerNode> listeners, List<UpstreamNode> upstreams, ExchangeRules rules) {
    public ProxySnapshot {
        listeners = List.copyOf(listeners);
        upstreams = List.copyOf(upstreams);
    }
}
