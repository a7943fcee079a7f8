package dev.headgate.attack;

import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.ReceivedRequest;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One variant of a threat row: what a client sends, and what has to come of it.
 *
 * @param name what is special about it, for the test report
 * @param sent the bytes, sent in one piece
 * @param outcome what the client sees and what the origin receives
 */
record Attack(String name, byte[] sent, Outcome outcome) {
    /** What has to come of an attack. */
    sealed interface Outcome {}

    /** One response with one of these statuses, then the end of the connection; the origin receives no byte. */
    record Refused(Set<Integer> statuses) implements Outcome {}

    /**
     * As {@link Refused}, but the fault lies behind the head, so that the origin may have seen the head and a part of the
     * content: never a complete request, and never a request more on that connection.
     */
    record RefusedInBody(Set<Integer> statuses) implements Outcome {}

    /**
     * The requests {@code lines} arrive at the origin in this canonical form, and the client gets as many 200s.
     *
     * @param check looks at each of them
     */
    record Accepted(List<String> lines, Consumer<ReceivedRequest> check) implements Outcome {}

    /** The requests {@code lines} arrive at the origin and get their 200s; then as {@link Refused}, and nothing more arrives. */
    record AcceptedThenRefused(List<String> lines, Set<Integer> statuses) implements Outcome {}

    static Attack refused(String name, String sent, Integer... statuses) {
        return new Attack(name, Wire.bytes(sent), new Refused(Set.of(statuses)));
    }

    static Attack refusedInBody(String name, String sent, Integer... statuses) {
        return new Attack(name, Wire.bytes(sent), new RefusedInBody(Set.of(statuses)));
    }

    static Attack accepted(String name, String sent, String... lines) {
        return accepted(name, sent, _ -> {}, lines);
    }

    static Attack accepted(String name, String sent, Consumer<ReceivedRequest> check, String... lines) {
        return new Attack(name, Wire.bytes(sent), new Accepted(List.of(lines), check));
    }

    static Attack acceptedThenRefused(String name, String sent, List<String> lines, Integer... statuses) {
        return new Attack(name, Wire.bytes(sent), new AcceptedThenRefused(lines, Set.of(statuses)));
    }

    /** A GET for {@code /} with these further field lines, none of which ends in CRLF. */
    static String get(String... fieldLines) {
        return message("GET / HTTP/1.1", fieldLines) + "␍␊";
    }

    /** A POST to {@code /} with these further field lines, up to and including its empty line. */
    static String post(String... fieldLines) {
        return message("POST / HTTP/1.1", fieldLines) + "␍␊";
    }

    /** A chunked POST with {@code body} as the bytes behind its head. */
    static String chunked(String body) {
        return post("Transfer-Encoding: chunked") + body;
    }

    private static String message(String requestLine, String... fieldLines) {
        var message = new StringBuilder(requestLine + "␍␊Host: a␍␊");
        for (String line : fieldLines) {
            message.append(line).append("␍␊");
        }
        return message.toString();
    }

    @Override
    public String toString() {
        return name;
    }
}
