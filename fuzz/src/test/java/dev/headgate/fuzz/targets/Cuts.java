package dev.headgate.fuzz.targets;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The ways in which a target presents an input: whole, byte by byte, and cut where the input itself says. */
final class Cuts {
    /** Above this an input is cut in larger steps: each call gets a copy, and copies of copies add up. */
    private static final int BYTEWISE_MAX = 1024;

    private static final int RANDOM_COUNT = 2;
    private static final int PIECES_MAX = 6;

    private Cuts() {}

    /** Lists of how many bytes are there at each call; the last one is always all of them. */
    static List<int[]> of(byte[] input) {
        int length = input.length;
        var all = new ArrayList<int[]>();
        all.add(new int[] {length});
        int step = 1 + length / BYTEWISE_MAX;
        var bytewise = new int[length / step + 2];
        for (int i = 0; i < bytewise.length; i++) {
            bytewise[i] = Math.min(i * step, length);
        }
        all.add(bytewise);
        var random = new SplittableRandom(Arrays.hashCode(input));
        for (int i = 0; i < RANDOM_COUNT; i++) {
            int[] cuts = new int[1 + random.nextInt(PIECES_MAX) + 1];
            for (int k = 0; k < cuts.length - 1; k++) {
                cuts[k] = random.nextInt(length + 1);
            }
            cuts[cuts.length - 1] = length;
            Arrays.sort(cuts);
            all.add(cuts);
        }
        return all;
    }

    /** The bytes from {@code from} to {@code to}, at an odd place in a buffer with garbage around them. */
    static ByteBuffer present(byte[] input, int from, int to) {
        int lead = 1 + to % 5;
        var around = new byte[lead + to - from + 9];
        Arrays.fill(around, (byte) 'Z');
        System.arraycopy(input, from, around, lead, to - from);
        return ByteBuffer.wrap(around).position(lead).limit(lead + to - from);
    }
}
