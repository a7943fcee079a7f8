package dev.headgate.fuzz.differential;

import dev.headgate.fuzz.differential.HeardResponse.Asked;
import dev.headgate.fuzz.differential.HeardResponse.OriginEnd;
import dev.headgate.testkit.peer.Response.Framing;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What one origin sends, and how it ends the connection.
 *
 * @param name for messages
 * @param twists the vectors of the corpus that are in it
 * @param asked the request that it answers
 * @param wire the bytes
 */
record ResponseCase(String name, List<String> twists, Asked asked, byte[] wire, OriginEnd end) {
    private static final int TWISTS_MAX = 2;
    private static final byte[] TELLING = Targets.bytes("\r\n\0 \t:;,0129aAfF\"/=\u0080\u00ffxX-_");

    static ResponseCase of(Vector vector) {
        return new ResponseCase(
                vector.name(),
                List.of(vector.name()),
                Asked.with(vector.method(), "HTTP/1.1"),
                vector.wire(),
                OriginEnd.CLOSED);
    }

    /** A valid response. */
    static ResponseCase generated(long seed) {
        var maker = new ResponseMaker(new Random(seed));
        byte[] wire = Targets.bytes(maker.make().toString());
        return new ResponseCase("seed " + seed, List.of(), maker.asked(), wire, OriginEnd.CLOSED);
    }

    /** How the content of {@link #cut} is framed, for each seed. */
    static Framing framingOfCut(long seed) {
        return List.of(Framing.LENGTH, Framing.CHUNKED, Framing.CLOSE).get((int) (seed % 3));
    }

    /** A valid response that is cut off within its content: by the end of the connection, or a reset where that is its end. */
    static ResponseCase cut(long seed) {
        var random = new Random(seed);
        var maker = new ResponseMaker(random);
        Framing framing = framingOfCut(seed);
        var made = maker.makeWithContent(framing);
        byte[] whole = Targets.bytes(made.toString());
        int least = made.head().length();
        boolean isReset = framing == Framing.CLOSE || random.nextInt(3) == 0;
        int length = framing == Framing.CLOSE ? whole.length : least + random.nextInt(whole.length - least);
        return new ResponseCase(
                "seed " + seed + " cut",
                List.of(),
                maker.asked(),
                Arrays.copyOf(whole, length),
                isReset ? OriginEnd.BROKEN : OriginEnd.CLOSED);
    }

    /** As {@link #generated}, made odd in up to two ways. */
    static ResponseCase twisted(long seed) {
        var random = new Random(seed);
        var maker = new ResponseMaker(random);
        var made = maker.make();
        for (int i = random.nextInt(TWISTS_MAX + 1); i > 0; i--) {
            var twists = ResponseTwist.values();
            var twist = twists[random.nextInt(twists.length)];
            boolean isFirst = made.twists.isEmpty();
            if (!made.twists.contains(twist.vector()) && (isFirst || !twist.isAlone())) {
                twist.apply(made, random);
            }
            if (twist.isAlone()) {
                break;
            }
        }
        byte[] wire = Targets.bytes(made.toString());
        return new ResponseCase("seed " + seed, List.copyOf(made.twists), maker.asked(), wire, OriginEnd.CLOSED);
    }

    /** As {@link #generated}, with some bytes changed. */
    static ResponseCase damaged(long seed) {
        var made = generated(seed);
        var random = new Random(~seed);
        byte[] bytes = made.wire().clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = TELLING[random.nextInt(TELLING.length)];
        }
        return new ResponseCase(made.name() + " damaged", List.of(), made.asked(), bytes, made.end());
    }

    /** Whether it is of the corpus, which shows one oddity at a time. */
    boolean isVector() {
        return twists.contains(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
