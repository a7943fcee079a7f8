package dev.headgate.testkit.peer;

import java.util.List;

/**
 * A response as a client received it.
 *
 * @param interim the 1xx responses that came before, in order
 * @param text the content without its framing as ISO 8859-1; empty when it went to a sink
 * @param ending how the content ended
 */
public record Response(
        String version,
        int status,
        String reason,
        Fields fields,
        List<Response> interim,
        Framing framing,
        String text,
        Fields trailers,
        Ending ending) {
    /** How a message says where its content ends (RFC 9112 §6.3). */
    public enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        CLOSE
    }

    /** Whether the content came to the end that its framing announced. */
    public enum Ending {
        COMPLETE,
        CLOSED_EARLY,
        RESET_EARLY
    }

    /** True when the response announces that the connection ends after it. */
    public boolean announcesClose() {
        return fields.all("connection").stream().anyMatch(value -> value.equalsIgnoreCase("close"));
    }

    /** The status codes of the interim responses. */
    public List<Integer> interimStatuses() {
        return interim.stream().map(Response::status).toList();
    }

    Response with(List<Response> before, String content, Fields trailing, Ending end) {
        return new Response(version, status, reason, fields, List.copyOf(before), framing, content, trailing, end);
    }
}
