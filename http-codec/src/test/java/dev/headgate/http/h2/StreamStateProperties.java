package dev.headgate.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A random walk of a client and of the server's owner over three streams, against a plain model of RFC 9113 §5.1. */
class StreamStateProperties {
    private static final int ES = Frames.END_STREAM;
    private static final int EH = Frames.END_HEADERS;

    enum Step {
        PEER_REQUEST,
        PEER_REQUEST_END,
        PEER_DATA,
        PEER_DATA_END,
        PEER_TRAILERS,
        PEER_RESET,
        PEER_WINDOW,
        PEER_PRIORITY,
        OWN_RESPONSE,
        OWN_END,
        OWN_RESET,
        OWN_RELEASE
    }

    record Move(int id, Step step) {}

    /** The states of the RFC; CLOSED says how, for that decides on what still comes. */
    enum Model {
        IDLE,
        OPEN,
        HALF_LOCAL,
        HALF_REMOTE,
        CLOSED_BY_US,
        CLOSED
    }

    @Provide
    Arbitrary<List<Move>> walks() {
        return Combinators.combine(Arbitraries.of(1, 3, 5), Arbitraries.of(Step.class))
                .as(Move::new)
                .list()
                .ofMaxSize(40);
    }

    private final Map<Integer, Model> model = new HashMap<>();
    private int highest;

    private Model state(int id) {
        Model known = model.get(id);
        return known != null ? known : id <= highest ? Model.CLOSED : Model.IDLE;
    }

    @Property(tries = 4_000)
    void followsTheModel(@ForAll("walks") List<Move> walk) {
        model.clear();
        highest = 0;
        Machine server = Machine.server();
        server.releasesAtOnce = false;
        Map<Integer, Http2Stream> owned = server.streams;
        int windowUpdates = 0;
        for (Move move : walk) {
            if (move.step() == Step.PEER_WINDOW && ++windowUpdates > AbuseGuard.WINDOW_UPDATES_BASE) {
                continue; // More of them are a flood, and another test's.
            }
            server.takeLog();
            Model before = state(move.id());
            Http2Violation expected = peerFault(move, before);
            play(server, move, owned);
            Http2Violation failed = server.connection.violation();
            List<String> log = server.takeLog();
            if (expected != null && expected.scope() == dev.headgate.http.Violation.Scope.CONNECTION) {
                assertEquals(expected, failed, () -> move + " in " + before);
                return;
            }
            assertEquals(null, failed, () -> move + " in " + before);
            String token = expected == null ? "none" : expected.token();
            boolean said = log.stream().anyMatch(line -> line.startsWith("violation"));
            assertEquals(expected != null, said, () -> move + " in " + before + ": " + log);
            assertTrue(!said || log.toString().contains(token), () -> move + " in " + before + ": " + log);
            model.put(move.id(), next(move, before, expected));
            if (model.get(move.id()) == Model.IDLE) {
                model.remove(move.id());
            } else {
                highest = Math.max(highest, move.id());
            }
            check(owned.get(move.id()), state(move.id()));
            owned.values().removeIf(stream -> stream.isReleased);
        }
        owned.values().forEach(server.connection::release);
        assertEquals(0, server.connection.streamCount());
        assertTrue(server.isWindowWhole(Http2Limits.DEFAULTS));
    }

    private static void check(Http2Stream stream, Model state) {
        if (stream != null && !stream.isReleased) {
            assertEquals(state == Model.CLOSED || state == Model.CLOSED_BY_US, stream.isClosed());
            assertEquals(state == Model.OPEN || state == Model.HALF_LOCAL, stream.canReceive());
            assertEquals(state == Model.OPEN || state == Model.HALF_REMOTE, stream.canSend());
        }
    }

    /** What is wrong with the move, as the RFC says. */
    private static Http2Violation peerFault(Move move, Model state) {
        return switch (move.step()) {
            case PEER_REQUEST, PEER_REQUEST_END, PEER_TRAILERS ->
                switch (state) {
                    case IDLE -> move.step() == Step.PEER_TRAILERS ? Http2Violation.PSEUDO_MISSING : null;
                    case OPEN, HALF_LOCAL ->
                        switch (move.step()) {
                            case PEER_REQUEST -> Http2Violation.TRAILERS_OPEN;
                            case PEER_REQUEST_END -> Http2Violation.PSEUDO_IN_TRAILERS;
                            default -> null;
                        };
                    case HALF_REMOTE -> Http2Violation.STREAM_ENDED;
                    case CLOSED_BY_US -> null;
                    case CLOSED -> Http2Violation.STREAM_GONE;
                };
            case PEER_DATA, PEER_DATA_END ->
                switch (state) {
                    case IDLE -> Http2Violation.STREAM_IDLE;
                    case OPEN, HALF_LOCAL, CLOSED_BY_US -> null;
                    case HALF_REMOTE -> Http2Violation.STREAM_ENDED;
                    case CLOSED -> Http2Violation.STREAM_GONE;
                };
            case PEER_RESET, PEER_WINDOW -> state == Model.IDLE ? Http2Violation.STREAM_IDLE : null;
            case PEER_PRIORITY, OWN_RESPONSE, OWN_END, OWN_RESET, OWN_RELEASE -> null;
        };
    }

    private static Model next(Move move, Model state, Http2Violation fault) {
        if (fault != null) {
            return Model.CLOSED_BY_US;
        }
        return switch (move.step()) {
            case PEER_REQUEST -> state == Model.IDLE ? Model.OPEN : state;
            case PEER_REQUEST_END -> state == Model.IDLE ? Model.HALF_REMOTE : state;
            case PEER_DATA_END, PEER_TRAILERS ->
                switch (state) {
                    case OPEN -> Model.HALF_REMOTE;
                    case HALF_LOCAL -> Model.CLOSED;
                    case IDLE, HALF_REMOTE, CLOSED_BY_US, CLOSED -> state;
                };
            case PEER_RESET ->
                switch (state) {
                    case OPEN, HALF_LOCAL, HALF_REMOTE -> Model.CLOSED;
                    case IDLE, CLOSED_BY_US, CLOSED -> state;
                };
            case OWN_END ->
                switch (state) {
                    case OPEN -> Model.HALF_LOCAL;
                    case HALF_REMOTE -> Model.CLOSED;
                    case IDLE, HALF_LOCAL, CLOSED_BY_US, CLOSED -> state;
                };
            case OWN_RESET, OWN_RELEASE ->
                switch (state) {
                    case OPEN, HALF_LOCAL, HALF_REMOTE -> Model.CLOSED_BY_US;
                    case IDLE, CLOSED_BY_US, CLOSED -> state;
                };
            case PEER_DATA, PEER_WINDOW, PEER_PRIORITY, OWN_RESPONSE -> state;
        };
    }

    private static void play(Machine server, Move move, Map<Integer, Http2Stream> owned) {
        int id = move.id();
        Http2Stream stream = owned.get(id);
        switch (move.step()) {
            case PEER_REQUEST -> server.feed(Wires.post(id));
            case PEER_REQUEST_END -> server.feed(Wires.get(id));
            case PEER_DATA -> server.feed(Wires.data(id, 0, 10));
            case PEER_DATA_END -> server.feed(Wires.padded(id, ES, 10, 3));
            case PEER_TRAILERS -> server.feed(Wires.headers(id, ES | EH, Wires.block("a", "b")));
            case PEER_RESET -> server.feed(Wires.rst(id, ErrorCode.CANCEL));
            case PEER_WINDOW -> {
                server.connection.ping(1); // so that the log is not empty
                server.feed(Wires.windowUpdate(id, 1));
            }
            case PEER_PRIORITY -> server.feed(Wires.priority(id, 0));
            case OWN_RESPONSE -> {
                if (stream != null) {
                    server.connection.sendResponse(stream, 200, Heads.fields(), -1, StreamEnd.OPEN);
                }
            }
            case OWN_END -> {
                if (stream != null && stream.canSend()) {
                    server.connection.beginData(stream, 0, StreamEnd.END);
                }
            }
            case OWN_RESET -> {
                if (stream != null) {
                    server.connection.reset(stream, ErrorCode.CANCEL);
                }
            }
            case OWN_RELEASE -> {
                if (stream != null) {
                    server.connection.release(stream);
                }
            }
        }
    }
}
