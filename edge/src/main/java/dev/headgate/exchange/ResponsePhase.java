package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.HopByHop;

/**
 * Turns an origin's response head into the one that the client gets: no field that concerns the connection alone, nothing that tells
 * about the origin's software, {@code Via}, the request's id, and the route's edits.
 */
@LoopConfined
@HotPath
final class ResponsePhase {
    private final LoopContext context;
    private final DateText date = new DateText();
    private final ExchangeRules rules;

    ResponsePhase(LoopContext context, ExchangeRules rules) {
        this.context = context;
        this.rules = rules;
    }

    /** Prepares the final response of an origin. */
    void prepare(Exchange exchange, ResponseHead head) {
        FieldSection fields = head.fields();
        HopByHop.strip(fields);
        rules.identity().apply(fields);
        exchange.identity().addHopTo(fields, head.version(), exchange.request(), rules.via());
        addDate(fields);
        exchange.route().responseEdits().apply(fields);
        exchange.attempts().stick(fields); // behind the edits, which are about what the origin says
    }

    /** The last word on the head of any final response, behind edits and filters. */
    void finish(Exchange exchange, FieldSection fields) {
        exchange.client().listener().transportSecurity().apply(fields);
    }

    /** Prepares an interim response. */
    void prepareInterim(ResponseHead head) {
        HopByHop.strip(head.fields());
        rules.identity().apply(head.fields());
    }

    /** Adds what every response of the proxy's own has, and the edits of the route if there is one yet. */
    void addOwn(Exchange exchange, FieldSection fields) {
        rules.identity().apply(fields);
        RequestHead request = exchange.requestOrNull();
        if (request != null && exchange.identity().requestIdLength() > 0) {
            exchange.identity().addRequestIdTo(fields, request);
        }
        addDate(fields);
    }

    private void addDate(FieldSection fields) {
        if (!fields.contains(Field.DATE)) {
            // A recipient with a clock adds the field when it forwards (RFC 9110 §6.6.1).
            byte[] now = date.at(context.loop().wallMs());
            fields.add(Field.DATE, now, 0, now.length);
        }
    }
}
