package dev.headgate.attack;

import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.ReceivedRequest;
import java.util.function.Consumer;

/**
 * One variant of a threat row of HTTP/2: what a client sends behind its greeting, and what has to come of it.
 *
 * @param name what is special about it, for the test report
 * @param sent frames, or what passes for them, sent in one piece
 * @param outcome what the client sees and what the origin receives
 */
record Http2Attack(String name, byte[] sent, Outcome outcome) {
    /** What has to come of an attack. */
    sealed interface Outcome {}

    /** GOAWAY with this code, then the end of the connection; the origin receives no whole request. */
    record GoAway(int code) implements Outcome {}

    /** The stream is reset with this code, and the connection goes on; the origin receives no byte. */
    record Reset(int streamId, int code) implements Outcome {}

    /**
     * As {@link Reset}, but the fault lies behind the head, so that the origin may have seen the head and a part of the
     * content: never a complete request, and its connection is not used again.
     */
    record ResetInBody(int streamId, int code) implements Outcome {}

    /** The stream gets this status and the connection goes on; the origin receives no byte. */
    record Answered(int streamId, int status) implements Outcome {}

    /** The request arrives at the origin as this line, and gets its 200. */
    record Accepted(int streamId, String line, Consumer<ReceivedRequest> check) implements Outcome {}

    static Http2Attack goAway(String name, int code, byte[]... sent) {
        return new Http2Attack(name, Wire.join(sent), new GoAway(code));
    }

    /** Stream 1 is reset. */
    static Http2Attack reset(String name, int code, byte[]... sent) {
        return new Http2Attack(name, Wire.join(sent), new Reset(1, code));
    }

    /** Stream 1 is reset in the middle. */
    static Http2Attack resetInBody(String name, int code, byte[]... sent) {
        return new Http2Attack(name, Wire.join(sent), new ResetInBody(1, code));
    }

    /** Stream 1 is answered. */
    static Http2Attack answered(String name, int status, byte[]... sent) {
        return new Http2Attack(name, Wire.join(sent), new Answered(1, status));
    }

    /** Stream 1 is served. */
    static Http2Attack accepted(String name, String line, byte[]... sent) {
        return accepted(name, line, _ -> {}, sent);
    }

    static Http2Attack accepted(String name, String line, Consumer<ReceivedRequest> check, byte[]... sent) {
        return new Http2Attack(name, Wire.join(sent), new Accepted(1, line, check));
    }

    @Override
    public String toString() {
        return name;
    }
}
