package dev.headgate.graph;

import dev.headgate.engine.Immutable;
import dev.headgate.forward.IdentityPolicy;
import dev.headgate.forward.TrustedProxies;
import dev.headgate.forward.Via;
import dev.headgate.listener.ListenerNode;
import dev.headgate.route.Route;
import dev.headgate.route.RouteChoice;
import dev.headgate.upstream.UpstreamNode;
import java.util.List;

/**
 * One configuration as running objects. An exchange keeps to the snapshot that it began with.
 *
 * @param routes routes compiled for matching
 * @param routeList the same routes in order; a route's index is its place here
 * @param trusted peers whose forwarding fields are believed
 * @param via our entry in {@code Via}
 * @param identity what responses tell about software
 * @param requestEditBytesMax the most bytes that the request edits of any route add to a head
 */
@Immutable
public record ProxySnapshot(
        List<ListenerNode> listeners,
        List<UpstreamNode> upstreams,
        RouteChoice<Route> routes,
        List<Route> routeList,
        TrustedProxies trusted,
        Via via,
        IdentityPolicy identity,
        int requestEditBytesMax) {
    public ProxySnapshot {
        listeners = List.copyOf(listeners);
        upstreams = List.copyOf(upstreams);
        routeList = List.copyOf(routeList);
    }
}
