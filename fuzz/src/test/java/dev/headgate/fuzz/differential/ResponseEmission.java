package dev.headgate.fuzz.differential;

import dev.headgate.filter.Filter.Bodies;
import dev.headgate.fuzz.differential.HeardResponse.Asked;
import dev.headgate.fuzz.differential.HeardResponse.OriginEnd;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.Response.Ending;
import dev.headgate.testkit.peer.Response.Framing;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What the proxy emits towards a client for one response of an origin, as our strict parser reads it. */
record ResponseEmission(ResponseCase of, HeardResponse strict) {
    /**
     * Runs the proxy on these responses, twice: in one run content keeps its framing, in the other it goes through a
     * filter. What was understood is checked against what the strict parser reads at once.
     */
    static List<ResponseEmission> of(List<ResponseCase> cases) {
        var emissions = new ArrayList<ResponseEmission>();
        for (var bodies : List.of(Bodies.BOTH, Bodies.UNTOUCHED)) {
            try (var proxy = Proxy.start(new Ear(bodies))) {
                for (int i = 0; i < cases.size(); i++) {
                    var one = cases.get(i);
                    var strict = HeardResponse.of(proxy, one.asked(), one.wire(), one.end());
                    var emission = new ResponseEmission(one, strict);
                    emission.checkUnderstood(proxy.ear().understood(Integer.toString(i)), bodies);
                    emissions.add(emission);
                }
            }
        }
        return emissions;
    }

    private void checkUnderstood(Understood understood, Bodies bodies) {
        if (strict.isOdd()) {
            throw failure("is no canonical response");
        }
        if (strict.isRefusal()) {
            return;
        }
        boolean isSame = understood.status() == strict.status()
                && HeardResponse.comparable(understood.responseFields()).equals(strict.fields())
                && (bodies != Bodies.BOTH || understood.responseBody().equals(strict.body()));
        if (!isSame) {
            throw failure("was understood as " + understood.status() + " " + understood.responseFields() + " \""
                    + understood.responseBody() + "\"");
        }
    }

    /** Whether a head has reached the client, and the break behind it. */
    boolean isBroken() {
        return strict.isBroken();
    }

    /**
     * Fails unless {@code judge} reads the same, and finds the end where it is; what is broken off it must not take for whole, be the break
     * an end before its time or a reset.
     */
    void check(Judge judge) {
        if (strict.response() == null || KnownMisreading.concerns(judge, strict)) {
            return;
        }
        // A client of HTTP/1.0 has its answers in the form of HTTP/1.1 (RFC 9112 §2.5): any client can be asked.
        boolean isKept = !strict.response().announcesClose() && !strict.isBroken();
        var kept = Asked.with(of.asked().method(), "HTTP/1.1");
        boolean isReset = strict.response().ending() == Ending.RESET_EARLY;
        var heard = isKept
                ? HeardResponse.of(judge, kept, strict.wire(), OriginEnd.KEPT)
                : isReset
                        ? HeardResponse.of(judge, kept.last(), strict.wire(), OriginEnd.BROKEN)
                        : HeardResponse.of(judge, kept.last(), strict.wire(), OriginEnd.CLOSED);
        if (strict.isBroken()) {
            if (!heard.isRefusal()) {
                throw failure("is broken off, and " + judge.name() + " takes it for whole: " + heard + " \""
                        + Wire.script(heard.wire()) + "\"");
            }
            return;
        }
        boolean isSame = heard.status() == strict.status()
                && heard.body().equals(strict.body())
                && heard.fields().equals(strict.fields())
                && heard.interim().equals(strict.interim())
                && (judge.hidesTrailers() || heard.trailers().equals(strict.trailers()))
                && (heard.isFollowed() == isKept || isCautious(judge));
        if (!isSame) {
            throw failure("is read otherwise by " + judge.name() + ": " + heard);
        }
    }

    /** Node does not use a connection again behind an answer to HEAD that has no word on length, which is its choice. */
    private boolean isCautious(Judge judge) {
        return judge.name().equals(JudgeProgram.NODE.command())
                && of.asked().method().equals("HEAD")
                && Objects.requireNonNull(strict.response()).framing() == Framing.CLOSE;
    }

    private AssertionError failure(String fact) {
        return new AssertionError("%s: what is emitted %s; strictly %s; emitted \"%s\", the origin sent \"%s\""
                .formatted(of, fact, strict, Wire.script(strict.wire()), Wire.script(of.wire())));
    }
}
