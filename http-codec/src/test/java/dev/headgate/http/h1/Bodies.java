package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Violation;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs bodies through the decoder in every {@link Feed}, and asserts that the outcome is the same each time. */
final class Bodies {
    private Bodies() {}

    /** What came of a body; {@code rest} is how many bytes behind it were left alone. */
    record Outcome(int answer, @Nullable Violation violation, String content, List<String> trailers, int rest) {}

    static Outcome chunked(String script) {
        return chunked(Http1Limits.DEFAULTS, script);
    }

    static Outcome chunked(Http1Limits limits, String script) {
        return run(limits, BodyKind.CHUNKED, -1, Wire.bytes(script));
    }

    static Outcome run(Http1Limits limits, BodyKind kind, long length, byte[] message) {
        Outcome first = null;
        for (Feed feed : Feed.all(message)) {
            for (int takeMax : new int[] {Integer.MAX_VALUE, 3}) {
                Outcome outcome = run(feed, takeMax, limits, kind, length, message);
                if (first == null) {
                    first = outcome;
                }
                assertEquals(first, outcome, () -> feed + " of " + Wire.script(message));
            }
        }
        if (first == null) {
            throw new AssertionError("no feed");
        }
        return first;
    }

    private static Outcome run(Feed feed, int takeMax, Http1Limits limits, BodyKind kind, long length, byte[] message) {
        var body = new BodyDecoder();
        body.start(kind, length, limits);
        var content = new StringBuilder();
        int consumed = 0;
        int answer = Decode.NEED_MORE;
        for (int cut : feed.cuts()) {
            if (cut < consumed) {
                continue;
            }
            ByteBuffer source = feed.present(message, consumed, cut);
            int start = source.position();
            do {
                answer = body.next(source);
                if (answer == Decode.DATA) {
                    int taken = Math.min(takeMax, body.dataLength());
                    content.append(Heads.text(source, source.position(), taken));
                    source.position(source.position() + taken);
                    body.taken(taken);
                }
            } while (answer == Decode.DATA);
            consumed += source.position() - start;
            if (answer != Decode.NEED_MORE) {
                break;
            }
        }
        assertEquals(answer == Decode.END, body.isEnded());
        if (answer == Decode.REFUSED) {
            assertEquals(Decode.REFUSED, body.next(ByteBuffer.wrap(message)), "stays refused");
            assertFalse(body.onEndOfStream());
        }
        List<String> trailers = answer == Decode.END ? Heads.lines(body.trailers()) : List.of();
        // How far a refused message was consumed depends on the feed, and nobody may go on from there.
        int rest = answer == Decode.END ? message.length - consumed : 0;
        return new Outcome(answer, body.violation(), content.toString(), trailers, rest);
    }
}
