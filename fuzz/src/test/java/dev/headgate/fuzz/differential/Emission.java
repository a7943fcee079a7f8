package dev.headgate.fuzz.differential;

import dev.headgate.filter.Filter.Bodies;
import dev.headgate.testkit.peer.OriginConnection;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.ReceivedRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that the proxy emits on one upstream connection, and what it had understood before it wrote that.
 *
 * @param bytes as the origin received them
 * @param understood the complete requests among them, in order
 * @param isWhole false when the last request is cut off, for its client broke off or sent something wrong
 */
record Emission(byte[] bytes, List<Heard> understood, boolean isWhole) {
    private static final int REQUESTS_PER_CONNECTION = 40;

    /**
     * Runs the proxy on each of these clients' bytes, twice: in one run content keeps its framing, in the other it goes
     * through a filter, which hears it, and is framed anew.
     */
    static List<Emission> of(List<byte[]> wires) {
        try (var hearing = Proxy.start(new Ear(Bodies.BOTH));
                var plain = Proxy.start(new Ear(Bodies.UNTOUCHED))) {
            var emissions = new ArrayList<Emission>();
            for (var proxy : List.of(hearing, plain)) {
                proxy.origin().otherwise(Emission::answer);
                wires.forEach(wire -> Reading.answers(proxy, wire));
                proxy.origin().settle();
                proxy.origin().connections().forEach(connection -> emissions.add(of(proxy, connection, hearing.ear())));
            }
            return emissions;
        }
    }

    // Few requests on a connection keep findings short; one that a judge is known to refuse is the last, so that
    // nothing is hidden behind it.
    private static void answer(OriginExchange exchange) throws IOException {
        var head = exchange.request();
        boolean isLast = exchange.indexOnConnection() == REQUESTS_PER_CONNECTION - 1
                || KnownRefusal.concerns(new KnownRefusal.Line(head.method(), head.target()));
        if (isLast) {
            Proxy.answer(exchange, "Connection: close");
            exchange.close();
        } else {
            Proxy.answer(exchange);
        }
    }

    private static Emission of(Proxy proxy, OriginConnection connection, Ear bodies) {
        var all = proxy.origin().requests().stream()
                .filter(request -> request.connection() == connection.index())
                .toList();
        var understood = all.stream()
                .filter(ReceivedRequest::isComplete)
                .map(request -> understood(request, proxy, bodies))
                .toList();
        return new Emission(connection.received(), understood, understood.size() == all.size());
    }

    // Trailers pass no filter: there our strict parser's word stands, and the judges' are held against it.
    private static Heard understood(ReceivedRequest request, Proxy proxy, Ear bodies) {
        var received = Heard.of(request);
        var head = proxy.ear().understood(received.tag());
        String nameless = proxy.origin().address(); // What an HTTP/1.0 client without Host means.
        var body = bodies.understood(received.tag());
        if (!head.target().equals(body.target())) {
            throw new AssertionError("two runs differ: " + head.target() + " and " + body.target());
        }
        return new Heard(
                head.method(),
                head.target(),
                Targets.decodedPath(head.target()),
                head.authority().isEmpty() ? nameless : head.authority(),
                head.fields(),
                body.body(),
                received.trailers());
    }
}
