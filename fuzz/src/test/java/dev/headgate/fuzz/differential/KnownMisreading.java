package dev.headgate.fuzz.differential;

import java.util.Arrays;
import java.util.function.Predicate;

/** Valid bytes that a judge is known to misread as a client: faults of its own, of which users of both should know. */
enum KnownMisreading {
    /**
     * Before 1.29 nginx takes an interim response for the final one, against RFC 9110 §15.2. It speaks HTTP/1.0 unless told
     * otherwise, and then it is sent none.
     */
    INTERIM(JudgeProgram.NGINX, emitted -> !emitted.interim().isEmpty()),
    /** HAProxy 2.6 takes chunked content that is cut off behind an interim response for complete, against RFC 9112 §8. */
    INTERIM_THEN_CUT(
            JudgeProgram.HAPROXY,
            emitted -> emitted.isBroken() && !emitted.interim().isEmpty()),
    /** HAProxy 2.6 takes a reset within content that ends with the connection for its end, against RFC 9112 §8. */
    RESET_AS_END(JudgeProgram.HAPROXY, HeardResponse::isResetUntilClose),
    /** Node 20 calls such content complete; of the reset it tells the request, and only if that is still there. */
    RESET_AS_COMPLETE(JudgeProgram.NODE, HeardResponse::isResetUntilClose),
    /** Of several Content-Types, which RFC 9110 §8.3 does not allow an origin to send, nginx keeps the last. */
    CONTENT_TYPE_TWICE(
            JudgeProgram.NGINX,
            emitted -> emitted.fields().stream()
                            .filter(field -> field.name().equals("content-type"))
                            .count()
                    > 1);

    private final JudgeProgram judge;
    private final Predicate<HeardResponse> condition;

    KnownMisreading(JudgeProgram judge, Predicate<HeardResponse> condition) {
        this.judge = judge;
        this.condition = condition;
    }

    /** Whether what was emitted is beyond this judge. */
    static boolean concerns(Judge judge, HeardResponse emitted) {
        return Arrays.stream(values())
                .anyMatch(known -> known.judge.command().equals(judge.name()) && known.condition.test(emitted));
    }
}
