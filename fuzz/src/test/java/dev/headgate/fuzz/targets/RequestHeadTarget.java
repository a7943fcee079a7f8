package dev.headgate.fuzz.targets;

import dev.headgate.fuzz.oracle.PlainRequest;
import dev.headgate.fuzz.oracle.RequestModel;
import dev.headgate.fuzz.oracle.Verdict;
import dev.headgate.fuzz.oracle.Verdict.Accepted;
import dev.headgate.http.BodyKind;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Http1Limits.ObsText;
import dev.headgate.http.Http1Limits.UnderscoreNames;
import dev.headgate.http.Persistence;
import dev.headgate.http.RequestHead;
import dev.headgate.http.Violation;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.HopByHop;
import dev.headgate.http.h1.RequestEncoder;
import dev.headgate.http.h1.RequestHeadDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The input is what a client sends: a request head and what follows. */
final class RequestHeadTarget {
    private static final Http1Limits TIGHT = Http1Limits.DEFAULTS
            .withLines(40, 32)
            .withHead(128, 4)
            .withUnderscoreNames(UnderscoreNames.REJECT)
            .withObsText(ObsText.REJECT);
    private static final List<Http1Limits> ALL_LIMITS = List.of(Http1Limits.DEFAULTS, TIGHT);

    private RequestHeadTarget() {}

    /** What came of a head. */
    private record Outcome(
            int answer,
            @Nullable Violation violation,
            int headLength,
            @Nullable RequestModel model) {}

    public static void fuzzerTestOneInput(byte[] input) {
        for (Http1Limits limits : ALL_LIMITS) {
            var decoder = new RequestHeadDecoder(limits);
            Outcome first = null;
            for (int[] cuts : Cuts.of(input)) {
                Outcome outcome = decode(decoder, input, cuts);
                if (first == null) {
                    first = outcome;
                    checkAgainstPlain(first, PlainRequest.read(input, limits));
                }
                Laws.same(first, outcome, "depends on how it was cut");
            }
            Laws.keepsLittle(input.length, () -> decodeInPlace(decoder, input));
        }
        checkRoundTrip(input);
    }

    private static Outcome decode(RequestHeadDecoder decoder, byte[] input, int[] cuts) {
        var head = new RequestHead();
        int answer = Decode.NEED_MORE;
        for (int there : cuts) {
            ByteBuffer source = Cuts.present(input, 0, there);
            int start = source.position();
            answer = decoder.decode(source, head);
            int moved = answer == Decode.COMPLETE ? head.headLength() : 0;
            Laws.same(start + moved, source.position(), "position");
            if (answer == Decode.REFUSED) {
                Laws.same(Decode.REFUSED, decoder.decode(Cuts.present(input, 0, input.length), head), "stays refused");
            }
            if (answer != Decode.NEED_MORE) {
                break;
            }
            // What has been looked at is not looked at again: the work is linear however slowly the bytes come.
            Laws.same(there, head.scan().scanOffset, "looked at");
        }
        boolean isWhole = answer == Decode.COMPLETE;
        return new Outcome(answer, head.violation(), head.headLength(), isWhole ? RequestModel.of(head) : null);
    }

    private static void checkAgainstPlain(Outcome outcome, Verdict<RequestModel> verdict) {
        switch (verdict) {
            case Verdict.Unfinished<RequestModel> unfinished ->
                Laws.check(outcome.answer() != Decode.COMPLETE, () -> "whole, yet its end is not there: " + outcome);
            case Verdict.Refused<RequestModel> refused ->
                Laws.check(outcome.answer() == Decode.REFUSED, () -> refused + ", but saw " + outcome);
            case Accepted<RequestModel>(RequestModel model, int length) ->
                Laws.same(new Outcome(Decode.COMPLETE, null, length, model), outcome, "what the bytes say");
        }
    }

    private static void decodeInPlace(RequestHeadDecoder decoder, byte[] input) {
        ByteBuffer source = ByteBuffer.wrap(input);
        var head = new RequestHead();
        int answer = Decode.NEED_MORE;
        for (int there = 0; there <= input.length && answer == Decode.NEED_MORE; there += 1 + input.length / 16) {
            answer = decoder.decode(source.limit(there), head);
        }
    }

    /** What goes upstream says the same, and is what a strict reader accepts. */
    private static void checkRoundTrip(byte[] input) {
        var head = new RequestHead();
        var decoder = new RequestHeadDecoder(Http1Limits.DEFAULTS);
        if (decoder.decode(ByteBuffer.wrap(input), head) != Decode.COMPLETE) {
            return;
        }
        RequestModel before = RequestModel.of(head);
        HopByHop.strip(head.fields());
        List<String> forwarded = withoutFraming(RequestModel.lines(head.fields()));
        ByteBuffer out = ByteBuffer.allocate(input.length + 200);
        boolean fits =
                RequestEncoder.encode(out, head, null, head.bodyKind(), head.contentLength(), Persistence.PERSISTENT);
        Laws.check(fits, () -> "no room");
        var written = new byte[out.flip().remaining()];
        out.get(written);
        // Path and query together are what the target was, and the framing does not add to what limits the head.
        Http1Limits wide = Http1Limits.DEFAULTS.withHead(Http1Limits.BYTES_MAX, 1000);
        if (PlainRequest.read(written, wide) instanceof Accepted<RequestModel>(RequestModel after, int length)) {
            Laws.same(written.length, length, "bytes written");
            checkSame(before, after, forwarded);
        } else {
            // An HTTP/1.0 request without a host is the one that cannot go on as it is.
            Laws.check(before.host().isEmpty(), () -> "written, but not readable: " + before);
        }
    }

    private static void checkSame(RequestModel before, RequestModel after, List<String> forwarded) {
        Laws.same(before.method(), after.method(), "method");
        Laws.same(before.path().isEmpty() ? "/" : before.path(), after.path(), "path");
        Laws.same(before.query(), after.query(), "query");
        Laws.same(before.authority(), after.authority(), "authority");
        Laws.same(forwarded, withoutFraming(after.fields()), "fields");
        boolean saysNone = before.body() == BodyKind.NONE && after.body() == BodyKind.LENGTH;
        Laws.same(saysNone ? 0L : before.contentLength(), after.contentLength(), "length");
        Laws.same(saysNone ? BodyKind.LENGTH : before.body(), after.body(), "framing");
        Laws.same(1, after.minorVersion(), "version");
        Laws.check(after.persistent(), () -> "closes");
    }

    private static List<String> withoutFraming(List<String> lines) {
        return lines.stream()
                .filter(line -> {
                    String name = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
                    return !name.equals("host") && !name.equals("content-length") && !name.equals("transfer-encoding");
                })
                .toList();
    }
}
