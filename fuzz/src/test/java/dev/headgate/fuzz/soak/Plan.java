package dev.headgate.fuzz.soak;

import dev.headgate.testkit.Pattern;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * One request and the answer that it is owed. All of it stands in the request's target, so that client, origin and ledger know it without telling
 * each other; the bytes of both bodies follow from the identity, so that a byte of another exchange shows.
 *
 * @param bodyLength of the request; −1 for none
 */
record Plan(long id, Route route, Method method, Body body, int bodyLength, Answer answer, int answerLength) {
    private static final long BODY_STRIDE = 1_000_003;

    /** Which upstream takes it, and what that one promises. */
    enum Route {
        /** Two steady endpoints. */
        GOOD,
        /** One endpoint that has a name to look up. */
        NAMED,
        /** A steady endpoint and one that comes and goes. */
        FLAP,
        /** Endpoints that do what is planned for the answer, also where that is wrong. */
        BAD
    }

    enum Method {
        GET,
        HEAD,
        POST,
        PUT
    }

    /** How the request's body travels. */
    enum Body {
        NONE,
        LENGTH,
        CHUNKED
    }

    /** What the origin does. */
    enum Answer {
        LENGTH,
        CHUNKED,
        /** Ends with the connection. */
        CLOSE,
        /** Complete, and then the origin closes without having said so. */
        LENGTH_THEN_CLOSE,
        /** An interim response comes first. */
        INTERIM,
        /** In small pieces with pauses. */
        DRIBBLED,
        /** After a while in which nothing of the request's body is read. */
        LATE,
        /** Before the request's body is read. */
        EARLY,

        // From here on the origin is at fault.

        RESET_BEFORE_HEAD,
        RESET_IN_BODY,
        TRUNCATED,
        STALLED_BEFORE_HEAD,
        STALLED_IN_BODY,
        MALFORMED_HEAD;

        boolean isFault() {
            return compareTo(RESET_BEFORE_HEAD) >= 0;
        }
    }

    String target() {
        return "/%s/%x/%s-%s-%d/%s-%d"
                .formatted(name(route), id, name(method), name(body), bodyLength, name(answer), answerLength);
    }

    private static String name(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    /** The plan that stands in {@code target}. */
    static Plan parse(String target) {
        String[] parts = target.split("/", -1);
        if (parts.length != 5) {
            throw new IllegalArgumentException("no plan: " + target);
        }
        String[] request = parts[3].split("-", 3);
        String[] answer = parts[4].split("-", 2);
        return new Plan(
                Long.parseLong(parts[2], 16),
                Route.valueOf(upper(parts[1])),
                Method.valueOf(upper(request[0])),
                Body.valueOf(upper(request[1])),
                Integer.parseInt(request[2]),
                Answer.valueOf(upper(answer[0])),
                Integer.parseInt(answer[1]));
    }

    private static String upper(String word) {
        return word.toUpperCase(Locale.ROOT);
    }

    boolean isIdempotent() {
        return method != Method.POST;
    }

    /** What may become of it while nobody but origins and the way there misbehave. */
    Set<Outcome> allowed() {
        if (route == Route.FLAP) {
            return EnumSet.of(Outcome.ANSWERED, Outcome.REFUSED, Outcome.BROKEN);
        }
        return switch (answer) {
            case LENGTH, CHUNKED, CLOSE, LENGTH_THEN_CLOSE, INTERIM, DRIBBLED, LATE -> EnumSet.of(Outcome.ANSWERED);
            // A client that is still sending when the connection ends may lose the answer (RFC 9112 §9.6).
            case EARLY -> EnumSet.of(Outcome.ANSWERED, Outcome.BROKEN, Outcome.GONE);
            case RESET_BEFORE_HEAD, STALLED_BEFORE_HEAD, MALFORMED_HEAD -> EnumSet.of(Outcome.REFUSED);
            // A reset may destroy the head that it follows, and a head may come too late for the proxy.
            case RESET_IN_BODY, TRUNCATED, STALLED_IN_BODY -> EnumSet.of(Outcome.BROKEN, Outcome.REFUSED);
        };
    }

    /** Byte {@code offset} of the request's body. */
    byte bodyByte(long offset) {
        return Pattern.at(2 * id * BODY_STRIDE + offset);
    }

    /** Byte {@code offset} of the answer's content. */
    byte answerByte(long offset) {
        return Pattern.at((2 * id + 1) * BODY_STRIDE + offset);
    }

    byte[] bodyBytes(long offset, int count) {
        return Pattern.bytes(2 * id * BODY_STRIDE + offset, count);
    }

    byte[] answerBytes(long offset, int count) {
        return Pattern.bytes((2 * id + 1) * BODY_STRIDE + offset, count);
    }

    @Override
    public String toString() {
        return method + " " + target();
    }
}
