package dev.headgate.fuzz.differential;

import dev.headgate.fuzz.differential.HeardResponse.Asked;
import java.util.Random;

/**
 * What one origin sends, before it ends the connection.
 *
 * @param name for messages
 * @param asked the request that it answers
 * @param wire the bytes
 */
record ResponseCase(String name, Asked asked, byte[] wire) {
    private static final byte[] TELLING = Targets.bytes("\r\n\0 \t:;,0129aAfF\"/=\u0080\u00ffxX-_");

    static ResponseCase of(Vector vector) {
        return new ResponseCase(vector.name(), Asked.with(vector.method(), "HTTP/1.1"), vector.wire());
    }

    /** A valid response. */
    static ResponseCase generated(long seed) {
        var maker = new ResponseMaker(new Random(seed));
        return new ResponseCase("seed " + seed, maker.asked(), Targets.bytes(maker.make()));
    }

    /** As {@link #generated}, with some bytes changed. */
    static ResponseCase damaged(long seed) {
        var made = generated(seed);
        var random = new Random(~seed);
        byte[] bytes = made.wire().clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = TELLING[random.nextInt(TELLING.length)];
        }
        return new ResponseCase(made.name() + " damaged", made.asked(), bytes);
    }

    @Override
    public String toString() {
        return name;
    }
}
