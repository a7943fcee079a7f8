package dev.headgate.testkit.sim;

import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;

/** Writes the heads of answers as an origin may, and as it must not. */
final class Http2Answers {
    private static final String NOBODY = "nobody";

    private final SimChance chance;
    private final Http2Sections sections;

    Http2Answers(SimChance chance, Http2Sections sections) {
        this.chance = chance;
        this.sections = sections;
    }

    byte[] interim(int id, int status) {
        byte[] block = status == 100
                ? FieldBlock.of(":status", "100")
                : FieldBlock.of(":status", Integer.toString(status), "link", "</style.css>; rel=preload");
        return sections.section(id, 0, block);
    }

    /** The head of what {@code planned} asks for; {@code length} is what it announces, −1 for nothing. */
    byte[] head(Planned planned, int id, long length, boolean endsStream) {
        byte[] block = FieldBlock.of(":status", Integer.toString(planned.status), "x-sim-id", planned.target);
        if (length >= 0) {
            block = Wire.join(block, FieldBlock.of("content-length", Long.toString(length)));
        }
        return sections.section(id, endsStream ? Frames.END_STREAM : 0, block);
    }

    /** Grants a WebSocket (RFC 8441 §5): by any success. */
    byte[] grant(Planned planned, int id, boolean endsStream) {
        String status = chance.oneOf("200", "200", "201", "204");
        byte[] block = FieldBlock.of(":status", status, "x-sim-id", planned.target);
        return sections.section(id, endsStream ? Frames.END_STREAM : 0, block);
    }

    /** A whole answer, of which nobody may believe that it is one to the request of this stream. */
    byte[] toNobody(int id) {
        byte[] block = FieldBlock.of(":status", "200", "x-sim-id", NOBODY);
        return sections.section(id, Frames.END_STREAM, block);
    }

    byte[] notFound(int id) {
        return sections.section(id, Frames.END_STREAM, FieldBlock.of(":status", "404"));
    }

    /** A head that breaks a rule of messages. */
    byte[] malformed(int id) {
        byte[] block = FieldBlock.of("x-sim-id", NOBODY);
        byte[] status = FieldBlock.of(":status", "200");
        byte[] whole = switch (chance.nextInt(8)) {
            case 0 -> block;
            case 1 -> Wire.join(block, status);
            case 2 -> Wire.join(status, status, block);
            case 3 -> Wire.join(status, block, FieldBlock.of("X-Upper", "1"));
            case 4 -> Wire.join(status, block, FieldBlock.of("connection", "close"));
            case 5 -> Wire.join(FieldBlock.of(":status", "101"), block);
            case 6 -> Wire.join(status, FieldBlock.of(":path", "/"), block);
            default -> Wire.join(status, block, FieldBlock.of("content-length", "1x"));
        };
        return sections.section(id, chance.nextInt(2) == 0 ? Frames.END_STREAM : 0, whole);
    }

    /** What ends the connection; {@code id} is of the last stream that has begun. */
    byte[] poison(int id) {
        return switch (chance.nextInt(12)) {
            case 0 -> Frames.data(0, 0, 1);
            case 1 -> Frames.frame(Frames.PUSH_PROMISE, Frames.END_HEADERS, id, new byte[] {0, 0, 0, 2});
            case 2 -> Frames.windowUpdate(0, 0);
            case 3 -> Frames.frame(Frames.PING, 0, 0, new byte[7]);
            case 4 -> Frames.frame(Frames.SETTINGS, 0, 0, new byte[5]);
            case 5 -> Frames.rst(id + 1, 8);
            case 6 -> Frames.continuation(id, Frames.END_HEADERS, FieldBlock.of(":status", "200"));
            case 7 -> Frames.header(Frames.DATA, 0, id, 1 << 20);
            case 8 -> Frames.headers(id + 1, Frames.END_HEADERS, FieldBlock.of(":status", "200"));
            case 9 -> Frames.settings(Frames.ENABLE_PUSH, 1);
            case 10 -> Frames.windowUpdate(0, Integer.MAX_VALUE);
            default ->
                Frames.headers(
                        id,
                        Frames.END_STREAM | Frames.END_HEADERS,
                        Wire.join(FieldBlock.of(":status", "200"), FieldBlock.indexed(1_000)));
        };
    }
}
