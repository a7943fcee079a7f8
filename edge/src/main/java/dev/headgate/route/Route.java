package dev.headgate.route;

import dev.headgate.engine.Immutable;
import dev.headgate.exchange.RetryRules;
import dev.headgate.filter.FilterChain;
import dev.headgate.forward.HeaderEdits;
import dev.headgate.observe.LogLabel;
import dev.headgate.observe.RouteMetrics;
import dev.headgate.upstream.UpstreamNode;
import org.jspecify.annotations.Nullable;

/**
 * A running route: what becomes of the requests that match. Exactly one of {@code upstream}, {@code answer} and {@code redirect} is there.
 *
 * @param label the name as logs show it
 * @param upstream where requests are forwarded to
 * @param subset which of its endpoints
 * @param answer what requests are answered with
 * @param redirect where clients are sent to
 * @param bodyBytesMax longest request content; −1: the listener's limit
 * @param requestTimeoutNs time for the whole exchange; 0: none
 * @param firstByteNs time from the end of the request to the end of the response head
 * @param bodyIdleNs longest silence within a body
 * @param perTryNs time for one attempt up to its response head; 0: none
 * @param hedgeAfterNs time after which a second attempt begins beside the first; 0: never
 * @param attemptsMax tries in all, the first included
 * @param retryRules what another attempt follows on
 * @param metrics what is counted of it
 * @param webSocket what WebSockets may do; null when there are none
 * @param fallback what becomes of requests that the upstream does not serve; null: clients learn of the failure
 */
@Immutable
public record Route(
        String name,
        LogLabel label,
        RouteMetrics metrics,
        @Nullable UpstreamNode upstream,
        int subset,
        @Nullable LocalAnswer answer,
        @Nullable Redirect redirect,
        HeaderEdits requestEdits,
        HeaderEdits responseEdits,
        FilterChain filters,
        long bodyBytesMax,
        long requestTimeoutNs,
        long firstByteNs,
        long bodyIdleNs,
        long perTryNs,
        long hedgeAfterNs,
        int attemptsMax,
        RetryRules retryRules,
        @Nullable WebSocketRoute webSocket,
        @Nullable Fallback fallback) {}
