package dev.headgate.tunnel;

import dev.headgate.engine.Immutable;
import dev.headgate.observe.LogLabel;
import dev.headgate.observe.TunnelMetrics;
import dev.headgate.upstream.UpstreamNode;

/**
 * Where tunnels of a listener lead.
 *
 * @param protocol what the access log calls them
 * @param metrics of the upstream's tunnels
 */
@Immutable
record TunnelTarget(UpstreamNode upstream, LogLabel protocol, TunnelMetrics metrics) {
    private static final LogLabel TCP = LogLabel.of("tcp");
    private static final LogLabel PASSED = LogLabel.of("tls-passthrough");

    /** Any bytes, or those from within TLS that ends here. */
    static TunnelTarget tcp(UpstreamNode upstream) {
        return new TunnelTarget(upstream, TCP, upstream.metrics().tunnels());
    }

    /** TLS as it came. */
    static TunnelTarget passed(UpstreamNode upstream) {
        return new TunnelTarget(upstream, PASSED, upstream.metrics().tunnels());
    }
}
