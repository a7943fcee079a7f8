package dev.headgate.testkit.sim;

import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;

/** Writes the frames of requests, in all the forms that a client may choose. Field blocks of one connection belong together. */
final class Http2Requests {
    private static final int FIRST_ENTRY = 62; // of the table of those that came before

    private final SimChance chance;
    private final Http2Sections sections;
    private boolean isAgentEntered;

    Http2Requests(SimChance chance, Http2Sections sections) {
        this.chance = chance;
        this.sections = sections;
    }

    /** HEADERS, and CONTINUATION where chance would have it. */
    byte[] head(Planned planned, int id, boolean endsStream) {
        byte[] block = FieldBlock.of(
                ":method", planned.method, ":scheme", "http", ":path", planned.target, ":authority", "sim.example");
        block = Wire.join(block, agent());
        if (planned.bodyLength >= 0 && !planned.isBodyChunked) {
            block = Wire.join(block, FieldBlock.of("content-length", Integer.toString(planned.bodyLength)));
        }
        if (planned.expectsContinue) {
            block = Wire.join(block, FieldBlock.of("expect", "100-continue"));
        }
        if (planned.hasTrailers) {
            block = Wire.join(block, FieldBlock.of("te", "trailers"));
        }
        if (chance.oneIn(4)) {
            block = Wire.join(block, FieldBlock.of("priority", "u=" + chance.nextInt(8) + chance.oneOf("", ", i")));
        }
        return sections.section(id, endsStream ? Frames.END_STREAM : 0, block);
    }

    /** What asks for a WebSocket (RFC 8441 §4). */
    byte[] tunnel(Planned planned, int id) {
        byte[] block = FieldBlock.of(
                ":method",
                "CONNECT",
                ":protocol",
                "websocket",
                ":scheme",
                "http",
                ":path",
                planned.target,
                ":authority",
                "sim.example",
                "sec-websocket-version",
                "13");
        return sections.section(id, 0, Wire.join(block, agent()));
    }

    private byte[] agent() {
        byte[] field = isAgentEntered ? FieldBlock.indexed(FIRST_ENTRY) : FieldBlock.entering("user-agent", "sim");
        isAgentEntered = true;
        return field;
    }

    /** A frame that changes nothing: of priorities, or of a type that nobody knows. */
    byte[] idle(int id) {
        return switch (chance.nextInt(3)) {
            case 0 -> Frames.priority(id, 0);
            case 1 -> Frames.priorityUpdate(id, "u=" + chance.nextInt(8));
            default -> Frames.frame(0xBE, chance.nextInt(256), chance.nextInt(100), new byte[chance.nextInt(200)]);
        };
    }

    /** What ends the connection; {@code id} is of a stream that has not begun. */
    byte[] poison(int id) {
        return switch (chance.nextInt(12)) {
            case 0 -> Frames.data(0, 0, 1);
            case 1 -> Frames.headers(id + 1, Frames.END_STREAM | Frames.END_HEADERS, FieldBlock.get("/u0/poison"));
            case 2 -> Frames.windowUpdate(0, 0);
            case 3 -> Frames.frame(Frames.PING, 0, 0, new byte[7]);
            case 4 -> Frames.frame(Frames.SETTINGS, 0, 0, new byte[5]);
            case 5 -> Frames.rst(id, 8);
            case 6 -> Frames.continuation(id, Frames.END_HEADERS, FieldBlock.get("/u0/poison"));
            case 7 -> Frames.header(Frames.DATA, 0, id, 1 << 20);
            case 8 -> Frames.data(id, 0, 1);
            case 9 -> Frames.frame(Frames.PUSH_PROMISE, Frames.END_HEADERS, id, new byte[4]);
            case 10 -> Frames.windowUpdate(0, Integer.MAX_VALUE);
            default ->
                Frames.headers(
                        id,
                        Frames.END_STREAM | Frames.END_HEADERS,
                        Wire.join(FieldBlock.get("/u0/poison"), FieldBlock.indexed(1_000)));
        };
    }
}
