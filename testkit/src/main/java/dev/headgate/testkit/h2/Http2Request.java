package dev.headgate.testkit.h2;

import dev.headgate.testkit.peer.Field;
import dev.headgate.testkit.peer.Fields;
import java.util.List;
import java.util.Objects;

/**
 * A request's head as an origin has received it.
 *
 * @param fields all of them, pseudo-header fields first
 * @param isWhole whether the stream ended with the head
 */
public record Http2Request(int streamId, Fields fields, boolean isWhole) {
    private static final List<String> CONTROL = List.of(":method", ":scheme", ":path", ":authority", ":protocol");
    private static final List<String> OF_CONNECTION =
            List.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "host");

    /** Fails for what no client may send (RFC 9113 §8.2, §8.3.1, RFC 8441 §4, §5). */
    public Http2Request {
        boolean isBehindControl = false;
        for (Field line : fields.lines()) {
            boolean isControl = line.name().startsWith(":");
            boolean isAllowed = isControl
                    ? CONTROL.contains(line.name()) && !isBehindControl
                    : !OF_CONNECTION.contains(line.name());
            if (!isAllowed) {
                throw new AssertionError("field " + line + " in " + fields);
            }
            isBehindControl |= !isControl;
        }
        for (String name : List.of(":method", ":scheme", ":path")) {
            Objects.requireNonNull(fields.value(name), name);
        }
        // Extended CONNECT (RFC 8441 §4) is the only one that is sent.
        if (fields.has(":protocol") != "CONNECT".equals(fields.value(":method")) || fields.has("sec-websocket-key")) {
            throw new AssertionError("CONNECT: " + fields);
        }
    }

    public String method() {
        return Objects.requireNonNull(fields.value(":method"));
    }

    public String path() {
        return Objects.requireNonNull(fields.value(":path"));
    }
}
