package dev.headgate.fuzz.targets;

import dev.headgate.fuzz.oracle.BodyModel;
import dev.headgate.fuzz.oracle.PlainChunks;
import dev.headgate.fuzz.oracle.RequestModel;
import dev.headgate.fuzz.oracle.Verdict;
import dev.headgate.fuzz.oracle.Verdict.Accepted;
import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Violation;
import dev.headgate.http.h1.BodyDecoder;
import dev.headgate.http.h1.ChunkEncoder;
import dev.headgate.http.h1.Decode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The input is a chunked body and what follows. */
final class ChunkedBodyTarget {
    private static final Http1Limits TIGHT =
            Http1Limits.DEFAULTS.withTrailers(64, 3).withLines(40, 32);
    private static final List<Http1Limits> ALL_LIMITS = List.of(Http1Limits.DEFAULTS, TIGHT);
    private static final int[] TAKES = {Integer.MAX_VALUE, 3};

    private ChunkedBodyTarget() {}

    /**
     * What came of a body.
     *
     * @param content what was taken, however it ended
     * @param length bytes of a whole body; 0 of any other
     */
    private record Outcome(
            int answer, @Nullable Violation violation, String content, List<String> trailers, int length) {}

    public static void fuzzerTestOneInput(byte[] input) {
        for (Http1Limits limits : ALL_LIMITS) {
            Outcome first = null;
            for (int[] cuts : Cuts.of(input)) {
                for (int takeMax : TAKES) {
                    Outcome outcome = decode(limits, input, cuts, takeMax);
                    if (first == null) {
                        first = outcome;
                        checkAgainstPlain(first, PlainChunks.read(input, limits));
                        checkRoundTrip(first);
                    }
                    Laws.same(first, outcome, "depends on how it was cut");
                }
            }
            Laws.keepsLittle(input.length, () -> decodeInPlace(limits, input));
        }
    }

    private static Outcome decode(Http1Limits limits, byte[] input, int[] cuts, int takeMax) {
        var body = new BodyDecoder();
        body.start(BodyKind.CHUNKED, -1, limits);
        var content = new StringBuilder();
        int consumed = 0;
        int answer = Decode.NEED_MORE;
        for (int there : cuts) {
            if (there < consumed) {
                continue;
            }
            ByteBuffer source = Cuts.present(input, consumed, there);
            int start = source.position();
            answer = drain(body, source, content, takeMax);
            consumed += source.position() - start;
            if (answer != Decode.NEED_MORE) {
                break;
            }
        }
        Laws.same(answer == Decode.END, body.isEnded(), "ended");
        if (answer == Decode.REFUSED) {
            Laws.same(Decode.REFUSED, body.next(ByteBuffer.wrap(input)), "stays refused");
            Laws.check(!body.onEndOfStream(), () -> "refused, and yet whole");
        }
        boolean isWhole = answer == Decode.END;
        List<String> trailers = isWhole ? RequestModel.lines(body.trailers()) : List.of();
        return new Outcome(answer, body.violation(), content.toString(), trailers, isWhole ? consumed : 0);
    }

    private static int drain(BodyDecoder body, ByteBuffer source, StringBuilder content, int takeMax) {
        while (true) {
            int answer = body.next(source);
            if (answer != Decode.DATA) {
                return answer;
            }
            int taken = Math.min(takeMax, body.dataLength());
            var bytes = new byte[taken];
            source.get(bytes);
            content.append(new String(bytes, StandardCharsets.ISO_8859_1));
            body.taken(taken);
        }
    }

    private static void checkAgainstPlain(Outcome outcome, Verdict<BodyModel> verdict) {
        switch (verdict) {
            case Verdict.Unfinished<BodyModel> unfinished ->
                Laws.check(outcome.answer() != Decode.END, () -> "ended, yet its end is not there: " + outcome);
            case Verdict.Refused<BodyModel> refused ->
                Laws.check(outcome.answer() == Decode.REFUSED, () -> refused + ", but saw " + outcome);
            case Accepted<BodyModel>(BodyModel model, int length) ->
                Laws.same(
                        new Outcome(Decode.END, null, model.content(), model.trailers(), length),
                        outcome,
                        "what the bytes say");
        }
    }

    private static void decodeInPlace(Http1Limits limits, byte[] input) {
        ByteBuffer source = ByteBuffer.wrap(input);
        var body = new BodyDecoder();
        body.start(BodyKind.CHUNKED, -1, limits);
        while (body.next(source) == Decode.DATA) {
            source.position(source.position() + body.dataLength());
            body.taken(body.dataLength());
        }
    }

    /** What was understood, written as we write it, is read as the same. */
    private static void checkRoundTrip(Outcome outcome) {
        if (outcome.answer() != Decode.END) {
            return;
        }
        byte[] content = outcome.content().getBytes(StandardCharsets.ISO_8859_1);
        var trailers = new FieldSection();
        trailers.startIn(ByteBuffer.allocate(64 << 10));
        for (String line : outcome.trailers()) {
            int colon = line.indexOf(": ");
            trailers.add(bytes(line.substring(0, colon)), bytes(line.substring(colon + 2)));
        }
        ByteBuffer out = ByteBuffer.allocate(content.length + (64 << 10));
        boolean fits = content.length == 0
                || ChunkEncoder.prefix(out, content.length)
                        && out.put(content).hasRemaining()
                        && ChunkEncoder.crlf(out);
        Laws.check(fits && ChunkEncoder.lastWithTrailers(out, trailers), () -> "no room");
        var written = new byte[out.flip().remaining()];
        out.get(written);
        Verdict<BodyModel> again = PlainChunks.read(written, Http1Limits.DEFAULTS.withTrailers(64 << 10, 200));
        Laws.same(
                new Accepted<>(new BodyModel(outcome.content(), outcome.trailers()), written.length),
                again,
                "what was written");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
