package dev.headgate.fuzz.differential;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.Field;
import dev.headgate.testkit.peer.Fields;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ReceivedRequest;
import dev.headgate.testkit.peer.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A response as a program understood it, which is what it passes on to its own client.
 *
 * @param response null when it passed on nothing that is a response
 * @param wire all that its client received for the request
 * @param isFollowed true when the next request went to the origin on the same connection, and its answer came back
 */
record HeardResponse(@Nullable Response response, String body, byte[] wire, boolean isFollowed) {
    private static final String FOLLOWER = "/next";
    private static final int BAD_GATEWAY = 502;

    /** Which request is answered, and what it says of its connection. */
    record Asked(String method, String version, String connection) {
        static Asked with(String method, String version) {
            return new Asked(method, version, "TE");
        }

        /** The same as the last on its connection: no program waits for more then. */
        Asked last() {
            return new Asked(method, "HTTP/1.1", "close, TE");
        }

        String head() {
            return method + " / " + version + "␍␊Host: a␍␊TE: trailers␍␊Connection: " + connection + "␍␊␍␊";
        }
    }

    /** How the origin's connection ends behind the bytes. */
    enum OriginEnd {
        CLOSED,
        KEPT,
        BROKEN
    }

    /** What {@code judge} makes of these bytes of its origin. */
    static HeardResponse of(Judge judge, Asked asked, byte[] bytes, OriginEnd end) {
        var origin = judge.origin();
        origin.forget();
        try (var client = judge.connect()) {
            var isAsked = new AtomicBoolean();
            var isThrough = new CountDownLatch(1);
            origin.otherwise(exchange -> {
                isAsked.set(true);
                try {
                    answer(exchange, bytes, end);
                    if (end == OriginEnd.BROKEN) {
                        judge.breakOff(exchange, client);
                    }
                } finally {
                    isThrough.countDown();
                }
            });
            client.send(asked.head());
            var sink = new ByteArrayOutputStream();
            var response = read(client, asked.method(), sink);
            byte[] wire = client.received();
            if (isAsked.get()) {
                // A connection that ends a moment later would still be used for the next request.
                Await.open("the origin is through", isThrough);
            }
            boolean mayFollow = end == OriginEnd.KEPT && response != null && !response.announcesClose();
            boolean isFollowed = mayFollow && follow(client) && isOneConnection(judge);
            return new HeardResponse(response, sink.toString(StandardCharsets.ISO_8859_1), wire, isFollowed);
        }
    }

    private static void answer(OriginExchange exchange, byte[] bytes, OriginEnd end) throws IOException {
        if (exchange.request().target().equals(FOLLOWER)) {
            exchange.respond(200, "next");
            return;
        }
        exchange.readContent();
        exchange.send(bytes);
        if (end == OriginEnd.CLOSED) {
            exchange.close();
        }
    }

    private static @Nullable Response read(RawClient client, String method, ByteArrayOutputStream sink) {
        try {
            return client.readResponse(method, sink);
        } catch (AssertionError e) {
            if (String.valueOf(e.getMessage()).contains("took longer")) {
                throw e;
            }
            return null; // The connection ended, or what came is no response.
        }
    }

    private static boolean follow(RawClient client) {
        var sink = new ByteArrayOutputStream();
        if (!client.trySend(Wire.bytes("GET " + FOLLOWER + " HTTP/1.1␍␊Host: a␍␊␍␊"))) {
            return false;
        }
        var next = read(client, "GET", sink);
        return next != null
                && next.status() == 200
                && sink.toString(StandardCharsets.ISO_8859_1).equals("next");
    }

    private static boolean isOneConnection(Judge judge) {
        return judge.origin().requests().stream()
                        .mapToInt(ReceivedRequest::connection)
                        .distinct()
                        .count()
                == 1;
    }

    /** True when the client got an error of the program's own, or a visible break. */
    boolean isRefusal() {
        return response == null || response.status() == BAD_GATEWAY || response.ending() != Response.Ending.COMPLETE;
    }

    /** True when the client saw the connection end within the response. */
    boolean isBroken() {
        return response != null && response.ending() != Response.Ending.COMPLETE;
    }

    /** True when a reset came where an orderly end would have been that of the content. */
    boolean isResetUntilClose() {
        return response != null
                && response.framing() == Response.Framing.CLOSE
                && response.ending() == Response.Ending.RESET_EARLY;
    }

    /** True when the client got something that is no canonical response. */
    boolean isOdd() {
        return response == null && wire.length > 0;
    }

    int status() {
        return response == null ? 0 : response.status();
    }

    /** The fields that concern the message, as {@link #comparable} has them. */
    List<Field> fields() {
        return response == null ? List.of() : comparable(Heard.endToEnd(response.fields()));
    }

    /**
     * Without the date, which everybody may add, and ordered by name: the order of fields that have different names means
     * nothing (RFC 9110 §5.3), and nginx has one of its own.
     */
    static List<Field> comparable(List<Field> fields) {
        return fields.stream()
                .filter(field -> !field.name().equals("date"))
                .sorted(Comparator.comparing(Field::name))
                .toList();
    }

    /** Trailer fields, also where a judge tells them in header fields. */
    List<Field> trailers() {
        if (response == null) {
            return List.of();
        }
        var trailers = new ArrayList<>(response.trailers().lines());
        response.fields().all("x-judge-trailer").forEach(line -> trailers.add(Heard.field(line)));
        return Heard.endToEnd(new Fields(trailers));
    }

    /** The statuses of interim responses, also where a judge tells them in header fields. */
    List<Integer> interim() {
        if (response == null) {
            return List.of();
        }
        var statuses = new ArrayList<>(response.interimStatuses());
        response.fields().all("x-judge-interim").forEach(status -> statuses.add(Integer.valueOf(status)));
        return statuses;
    }

    /** For people and for the corpus. */
    String summary() {
        return isRefusal() ? "refused" : status() + " [" + body.length() + " bytes]";
    }

    @Override
    public String toString() {
        return summary() + " status=" + status() + " " + fields() + " trailers=" + trailers() + " interim=" + interim()
                + " body=\"" + body + "\"" + " followed=" + isFollowed;
    }
}
