package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.forward.ForwardingFields;
import dev.headgate.forward.Via;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.http.Violation;
import dev.headgate.http.h1.HopByHop;
import dev.headgate.http.uri.TargetCanonicaliser;
import dev.headgate.http.websocket.WebSocketHandshake;
import dev.headgate.listener.ListenerNode;
import dev.headgate.route.HttpsRedirect;
import dev.headgate.route.Route;

/**
 * Turns a decoded request into the one that is routed, logged and forwarded: one canonical target, no field that concerns the
 * connection alone, the forwarding fields, the route and its edits. Everything after this phase sees the same request.
 */
@LoopConfined
@HotPath
public final class RequestPhase {
    private static final int STORE_SLACK_BYTES = 64;

    private final ExchangeRules rules;
    private final ForwardingFields forwarding;

    RequestPhase(LoopContext context, ExchangeRules rules) {
        this.rules = rules;
        this.forwarding = new ForwardingFields(
                rules.trusted(), rules.via(), context.loop().chance());
    }

    /** Bytes that the head takes with all that this phase can add to it. */
    public int storeBytes(RequestHead head, Client client) {
        return head.headLength()
                + TargetCanonicaliser.roomMax(head)
                + forwarding.addedBytesMax(head, client.peer())
                + client.certificateFields().addedBytes()
                + rules.requestEditBytesMax()
                + 3 * RetryMark.ADDED_BYTES // for two upstreams, and a first attempt that is sent behind the second
                + STORE_SLACK_BYTES;
    }

    /** Prepares the request; anything but {@link Cause#NONE} refuses it. */
    Cause prepare(Exchange exchange, RequestHead head, Client client) {
        ListenerNode listener = client.listener();
        if (head.version() == HttpVersion.HTTP_1_0 && !listener.acceptsHttp10()) {
            return refused(exchange, Violation.VERSION_UNSUPPORTED);
        }
        if (head.method() == Method.TRACE) {
            return Cause.METHOD_REFUSED; // It would show a client what the proxy adds for the origin (RFC 9110 §9.3.8).
        }
        FieldSection fields = head.fields();
        if (head.method() == Method.OPTIONS && fields.contains(Field.MAX_FORWARDS)) {
            Cause stop = MaxForwards.countDown(fields);
            if (stop != Cause.NONE) {
                return stop;
            }
        }
        boolean isConnect = head.isWebSocket(); // by an extended CONNECT, which can be nothing else
        boolean asksForWebSocket = isConnect || WebSocketHandshake.isAskedFor(head);
        exchange.trailersWanted(HopByHop.strip(fields));
        Violation violation = TargetCanonicaliser.canonicalise(head, listener.uriPolicy());
        if (violation != null) {
            return refused(exchange, violation);
        }
        if (client.isMisdirected(head)) {
            return Cause.MISDIRECTED;
        }
        if (rules.via().passes(fields) > Via.PASSES_MAX) {
            return Cause.LOOP_DETECTED;
        }
        if (!forwarding.apply(head, client.peer(), listener.ingress(), exchange.identity())) {
            return Cause.FIELDS_TOO_LARGE;
        }
        if (!client.certificateFields().apply(fields, exchange.identity().isFromTrustedProxy())) {
            return Cause.FIELDS_TOO_LARGE;
        }
        exchange.retriesBefore(RetryMark.take(fields));
        if (EarlyData.isTooEarly(head, exchange.identity())) {
            return Cause.TOO_EARLY;
        }
        HttpsRedirect redirect = listener.httpsRedirect();
        if (redirect != null && HttpsUpgrade.isDue(redirect, head, exchange.identity())) {
            return head.hostLength() > 0 ? Cause.REDIRECT_TO_HTTPS : refused(exchange, Violation.HOST_MISSING);
        }
        Route route = rules.routes()
                .match(
                        head.bytes(),
                        head.hostOffset(),
                        head.hostLength(),
                        head.pathOffset(),
                        head.pathLength(),
                        rulesOf(client));
        if (route == null) {
            return Cause.NO_ROUTE;
        }
        exchange.route(route);
        // What is no whole handshake is forwarded as an ordinary request, as Upgrade may always be ignored (RFC 9110
        // §7.8): the origin says what it thinks of it, and nobody switches.
        head.webSocket(asksForWebSocket && route.webSocket() != null && WebSocketHandshake.isComplete(fields));
        if (isConnect && !head.isWebSocket()) {
            return Cause.PROTOCOL_UNSUPPORTED;
        }
        if (!route.requestEdits().apply(fields)) {
            return Cause.FIELDS_TOO_LARGE;
        }
        FilterState filters = exchange.filters();
        return filters == null || filters.onRequestHead(head) ? Cause.NONE : Cause.INTERNAL;
    }

    private long rulesOf(Client client) {
        ClientIdentity identity = client.identity();
        return identity == null ? rules.routes().rulesOfNobody() : identity.rulesOf(rules.routes());
    }

    private static Cause refused(Exchange exchange, Violation violation) {
        exchange.record().violation(violation);
        return Cause.ofRequest(violation);
    }
}
