package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.http.FieldSection;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.Violation;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs heads through decoders in every {@link Feed}, and asserts that the outcome is the same each time. */
final class Heads {
    private Heads() {}

    /** What came of a head: the answer, the fault, and everything that was understood. */
    record Outcome(int answer, @Nullable Violation violation, int headLength, String model) {}

    static Outcome request(Http1Limits limits, String script) {
        return request(limits, Wire.bytes(script));
    }

    static Outcome request(Http1Limits limits, byte[] message) {
        var decoder = new RequestHeadDecoder(limits);
        return inEveryFeed(message, feed -> {
            var head = new RequestHead();
            int answer = Decode.NEED_MORE;
            for (int cut : feed.cuts()) {
                ByteBuffer source = feed.present(message, 0, cut);
                int start = source.position();
                answer = decoder.decode(source, head);
                assertPosition(answer, source, start, head.headLength());
                if (answer != Decode.NEED_MORE) {
                    break;
                }
            }
            return new Outcome(answer, head.violation(), head.headLength(), answer == 1 ? model(head) : "");
        });
    }

    static Outcome response(Http1Limits limits, String script, int requestMethod) {
        return response(limits, Wire.bytes(script), requestMethod);
    }

    static Outcome response(Http1Limits limits, byte[] message, int requestMethod) {
        var decoder = new ResponseHeadDecoder(limits);
        return inEveryFeed(message, feed -> {
            var head = new ResponseHead();
            int answer = Decode.NEED_MORE;
            for (int cut : feed.cuts()) {
                ByteBuffer source = feed.present(message, 0, cut);
                int start = source.position();
                answer = decoder.decode(source, head, requestMethod);
                assertPosition(answer, source, start, head.headLength());
                if (answer != Decode.NEED_MORE) {
                    break;
                }
            }
            return new Outcome(answer, head.violation(), head.headLength(), answer == 1 ? model(head) : "");
        });
    }

    /** A decoded request head, over a store that {@code slackBytes} can be added to. */
    static RequestHead decodedRequest(String script, int slackBytes) {
        byte[] message = Wire.bytes(script);
        var head = new RequestHead();
        int answer = new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(ByteBuffer.wrap(message), head);
        assertEquals(Decode.COMPLETE, answer, () -> script + " -> " + head.violation());
        head.retain(ByteBuffer.allocateDirect(head.headLength() + slackBytes));
        return head;
    }

    static ResponseHead decodedResponse(String script, int slackBytes) {
        byte[] message = Wire.bytes(script);
        var head = new ResponseHead();
        int answer = new ResponseHeadDecoder(Http1Limits.RESPONSE_DEFAULTS).decode(ByteBuffer.wrap(message), head, 1);
        assertEquals(Decode.COMPLETE, answer, () -> script + " -> " + head.violation());
        head.retain(ByteBuffer.allocateDirect(head.headLength() + slackBytes));
        return head;
    }

    static String text(ByteBuffer bytes, int offset, int length) {
        var copy = new byte[length];
        bytes.get(offset, copy);
        return Wire.script(copy);
    }

    static List<String> lines(FieldSection fields) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < fields.count(); i++) {
            if (fields.isLive(i)) {
                lines.add(fields.name(i) + ": " + fields.value(i));
            }
        }
        return lines;
    }

    private static String model(RequestHead head) {
        ByteBuffer bytes = head.bytes();
        String query = head.queryLength() < 0 ? "none" : text(bytes, head.queryOffset(), head.queryLength());
        return "method=" + head.method() + "/" + text(bytes, head.methodOffset(), head.methodLength()) + " version="
                + head.version().ordinal() + " form=" + head.targetForm() + " target="
                + text(bytes, head.targetOffset(), head.targetLength()) + " path="
                + text(bytes, head.pathOffset(), head.pathLength()) + " query=" + query + " authority="
                + text(bytes, head.authorityOffset(), head.authorityLength()) + " host="
                + text(bytes, head.hostOffset(), head.hostLength()) + " port=" + head.port() + " body="
                + head.bodyKind() + "/" + head.contentLength() + " persistent=" + head.isPersistent() + " continue="
                + head.expectsContinue() + " fields=" + lines(head.fields());
    }

    private static String model(ResponseHead head) {
        return "status=" + head.status() + " version=" + head.version().ordinal() + " body=" + head.bodyKind() + "/"
                + head.contentLength() + " persistent=" + head.isPersistent() + " fields=" + lines(head.fields());
    }

    private static void assertPosition(int answer, ByteBuffer source, int start, int headLength) {
        int moved = answer == Decode.COMPLETE ? headLength : 0;
        assertEquals(start + moved, source.position(), "position");
    }

    private static Outcome inEveryFeed(byte[] message, java.util.function.Function<Feed, Outcome> run) {
        Outcome first = null;
        for (Feed feed : Feed.all(message)) {
            Outcome outcome = run.apply(feed);
            if (first == null) {
                first = outcome;
            }
            assertEquals(first, outcome, () -> feed + " of " + Wire.script(message));
            if (outcome.answer() != Decode.REFUSED) {
                assertNull(outcome.violation());
            }
        }
        if (first == null) {
            throw new AssertionError("no feed");
        }
        return first;
    }
}
