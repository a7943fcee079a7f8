package dev.headgate.exchange;

import dev.headgate.engine.Immutable;
import dev.headgate.forward.IdentityPolicy;
import dev.headgate.forward.TrustedProxies;
import dev.headgate.forward.Via;
import dev.headgate.route.Route;
import dev.headgate.route.RouteChoice;

/**
 * What exchanges go by, whichever listener they come from. An exchange keeps to the rules that it began with.
 *
 * @param routes routes compiled for matching
 * @param trusted peers whose forwarding fields are believed
 * @param via our entry in {@code Via}
 * @param identity what responses tell about software
 * @param requestEditBytesMax the most bytes that the request edits of any route add to a head
 */
@Immutable
public record ExchangeRules(
        RouteChoice<Route> routes, TrustedProxies trusted, Via via, IdentityPolicy identity, int requestEditBytesMax) {}
