package dev.headgate.fuzz.targets;

import dev.headgate.fuzz.oracle.PlainResponse;
import dev.headgate.fuzz.oracle.RequestModel;
import dev.headgate.fuzz.oracle.ResponseModel;
import dev.headgate.fuzz.oracle.Verdict;
import dev.headgate.fuzz.oracle.Verdict.Accepted;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Http1Limits.ObsText;
import dev.headgate.http.Method;
import dev.headgate.http.Persistence;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.Violation;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.HopByHop;
import dev.headgate.http.h1.ResponseEncoder;
import dev.headgate.http.h1.ResponseHeadDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The input is what an origin sends: a response head and what follows, in answer to GET and to HEAD. */
final class ResponseHeadTarget {
    private static final Http1Limits TIGHT =
            Http1Limits.RESPONSE_DEFAULTS.withLines(40, 32).withHead(128, 4).withObsText(ObsText.REJECT);
    private static final List<Http1Limits> ALL_LIMITS = List.of(Http1Limits.RESPONSE_DEFAULTS, TIGHT);
    private static final int[] METHODS = {Method.GET, Method.HEAD};

    private ResponseHeadTarget() {}

    /** What came of a head. */
    private record Outcome(
            int answer,
            @Nullable Violation violation,
            int headLength,
            @Nullable ResponseModel model) {}

    public static void fuzzerTestOneInput(byte[] input) {
        for (Http1Limits limits : ALL_LIMITS) {
            for (int method : METHODS) {
                judge(input, new ResponseHeadDecoder(limits), method, limits);
            }
        }
        checkRoundTrip(input);
    }

    private static void judge(byte[] input, ResponseHeadDecoder decoder, int method, Http1Limits limits) {
        Outcome first = null;
        for (int[] cuts : Cuts.of(input)) {
            Outcome outcome = decode(decoder, input, cuts, method);
            if (first == null) {
                first = outcome;
                checkAgainstPlain(first, PlainResponse.read(input, limits, method == Method.HEAD));
            }
            Laws.same(first, outcome, "depends on how it was cut");
        }
        Laws.keepsLittle(input.length, () -> decodeInPlace(decoder, input));
    }

    private static Outcome decode(ResponseHeadDecoder decoder, byte[] input, int[] cuts, int method) {
        var head = new ResponseHead();
        int answer = Decode.NEED_MORE;
        for (int there : cuts) {
            ByteBuffer source = Cuts.present(input, 0, there);
            int start = source.position();
            answer = decoder.decode(source, head, method);
            int moved = answer == Decode.COMPLETE ? head.headLength() : 0;
            Laws.same(start + moved, source.position(), "position");
            if (answer == Decode.REFUSED) {
                ByteBuffer all = Cuts.present(input, 0, input.length);
                Laws.same(Decode.REFUSED, decoder.decode(all, head, method), "stays refused");
            }
            if (answer != Decode.NEED_MORE) {
                break;
            }
            Laws.same(there, head.scan().scanOffset, "looked at");
        }
        boolean isWhole = answer == Decode.COMPLETE;
        return new Outcome(answer, head.violation(), head.headLength(), isWhole ? ResponseModel.of(head) : null);
    }

    private static void checkAgainstPlain(Outcome outcome, Verdict<ResponseModel> verdict) {
        switch (verdict) {
            case Verdict.Unfinished<ResponseModel> unfinished ->
                Laws.check(outcome.answer() != Decode.COMPLETE, () -> "whole, yet its end is not there: " + outcome);
            case Verdict.Refused<ResponseModel> refused ->
                Laws.check(outcome.answer() == Decode.REFUSED, () -> refused + ", but saw " + outcome);
            case Accepted<ResponseModel>(ResponseModel model, int length) ->
                Laws.same(new Outcome(Decode.COMPLETE, null, length, model), outcome, "what the bytes say");
        }
    }

    private static void decodeInPlace(ResponseHeadDecoder decoder, byte[] input) {
        ByteBuffer source = ByteBuffer.wrap(input);
        var head = new ResponseHead();
        int answer = Decode.NEED_MORE;
        for (int there = 0; there <= input.length && answer == Decode.NEED_MORE; there += 1 + input.length / 16) {
            answer = decoder.decode(source.limit(there), head, Method.GET);
        }
    }

    /** What goes downstream says the same, and is what a strict reader accepts. */
    private static void checkRoundTrip(byte[] input) {
        var head = new ResponseHead();
        int answer =
                new ResponseHeadDecoder(Http1Limits.RESPONSE_DEFAULTS).decode(ByteBuffer.wrap(input), head, Method.GET);
        if (answer != Decode.COMPLETE || head.isSwitchingProtocols()) {
            return;
        }
        ResponseModel before = ResponseModel.of(head);
        HopByHop.strip(head.fields());
        List<String> forwarded = withoutFraming(RequestModel.lines(head.fields()));
        ByteBuffer out = ByteBuffer.allocate(input.length + 200);
        boolean fits = head.isInterim()
                ? ResponseEncoder.encodeInterim(out, head.status(), head.fields())
                : ResponseEncoder.encode(
                        out,
                        head.status(),
                        head.fields(),
                        head.bodyKind(),
                        head.contentLength(),
                        Persistence.PERSISTENT);
        Laws.check(fits, () -> "no room");
        var written = new byte[out.flip().remaining()];
        out.get(written);
        Http1Limits wide = Http1Limits.RESPONSE_DEFAULTS.withHead(Http1Limits.BYTES_MAX, 1000);
        if (PlainResponse.read(written, wide, false)
                instanceof Accepted<ResponseModel>(ResponseModel after, int length)) {
            Laws.same(written.length, length, "bytes written");
            Laws.same(before.status(), after.status(), "status");
            Laws.same(before.body(), after.body(), "framing");
            Laws.same(before.contentLength(), after.contentLength(), "length");
            Laws.same(forwarded, withoutFraming(after.fields()), "fields");
        } else {
            throw new AssertionError("written, but not readable: " + before);
        }
    }

    private static List<String> withoutFraming(List<String> lines) {
        return lines.stream()
                .filter(line -> {
                    String name = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
                    return !name.equals("connection")
                            && !name.equals("content-length")
                            && !name.equals("transfer-encoding");
                })
                .toList();
    }
}
