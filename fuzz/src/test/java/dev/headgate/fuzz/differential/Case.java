package dev.headgate.fuzz.differential;

import java.util.List;
import java.util.Random;

/**
 * What one client sends.
 *
 * @param name for messages
 * @param twists the vectors of the corpus that are in it
 * @param wire the bytes
 */
record Case(String name, List<String> twists, byte[] wire) {
    private static final int TWISTS_MAX = 2;
    private static final byte[] TELLING = Targets.bytes("\r\n\0 \t:;,09aAfF\"/?#%.=\u0080\u00ffxX-_");

    static Case of(Vector vector) {
        return new Case(vector.name(), List.of(vector.name()), vector.wire());
    }

    /** Valid requests, one of which may be made odd in up to two ways. */
    static Case generated(long seed) {
        var random = new Random(seed);
        var row = new RequestMaker(random).row();
        var odd = row.get(random.nextInt(row.size()));
        for (int i = random.nextInt(TWISTS_MAX + 1); i > 0; i--) {
            var twists = RequestTwist.values();
            var twist = twists[random.nextInt(twists.length)];
            if (!odd.twists.contains(twist.vector())) {
                twist.apply(odd, random);
            }
        }
        var text = new StringBuilder();
        row.forEach(text::append);
        return new Case("seed " + seed, List.copyOf(odd.twists), Targets.bytes(text.toString()));
    }

    /** Valid requests, the last of which is cut off within its content: of a length for even seeds, chunked for odd ones. */
    static Case cut(long seed) {
        var random = new Random(seed);
        var row = new RequestMaker(random).row();
        var last = new RequestMaker(random).makeWithContent(seed % 2 == 0);
        var text = new StringBuilder();
        row.forEach(text::append);
        int least = text.length() + last.toString().indexOf("\r\n\r\n") + 4;
        text.append(last);
        int length = least + random.nextInt(text.length() - least);
        return new Case("seed " + seed + " cut", List.of(), Targets.bytes(text.substring(0, length)));
    }

    /** As {@link #generated}, with some bytes changed on top of it: no vector says what that is. */
    static Case damaged(long seed) {
        var made = generated(seed);
        var random = new Random(~seed);
        byte[] bytes = made.wire().clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = TELLING[random.nextInt(TELLING.length)];
        }
        return new Case(made.name() + " damaged", made.twists(), bytes);
    }

    @Override
    public String toString() {
        return name + " " + twists;
    }
}
