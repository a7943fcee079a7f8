package dev.headgate.http.h1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * One way to present a message: how many of its bytes are there at each call. Every call gets a buffer of its own that
 * lies elsewhere, ends exactly where the presented bytes end, and has garbage around them.
 *
 * @param cuts bytes there at each call, rising, the last one all of them
 */
record Feed(String name, int[] cuts, boolean direct) {
    private static final int SPLIT_BYTES_MAX = 400;
    private static final int RANDOM_COUNT = 4;
    private static final int SMALL_BYTES_MAX = 2_000;

    /** Whole, byte by byte, every split in two (of messages that are not huge), random splits; heap and direct. */
    static List<Feed> all(byte[] message) {
        int length = message.length;
        var feeds = new ArrayList<Feed>();
        for (boolean direct : new boolean[] {false, true}) {
            feeds.add(new Feed("whole", new int[] {length}, direct));
            feeds.add(new Feed("byte by byte", byteByByte(length), direct));
            var random = new SplittableRandom(length);
            for (int i = 0; i < RANDOM_COUNT; i++) {
                int pieces = 1 + random.nextInt(8);
                int[] cuts = IntStream.concat(
                                IntStream.generate(() -> random.nextInt(length + 1))
                                        .limit(pieces),
                                IntStream.of(length))
                        .sorted()
                        .toArray();
                feeds.add(new Feed("random " + i, cuts, direct));
            }
        }
        for (int cut = 1; cut < Math.min(length, SPLIT_BYTES_MAX); cut++) {
            feeds.add(new Feed("split at " + cut, new int[] {cut, length}, (cut & 1) == 0));
        }
        return feeds;
    }

    /** Every length; of a huge message, whose every call copies all of it, every length near its end and some before. */
    private static int[] byteByByte(int length) {
        int start = Math.max(0, length - SMALL_BYTES_MAX / 4);
        int step = length <= SMALL_BYTES_MAX ? 1 : 997;
        return IntStream.concat(
                        IntStream.iterate(0, cut -> cut < start, cut -> cut + step),
                        IntStream.rangeClosed(start, length))
                .toArray();
    }

    /** The bytes from {@code from} to {@code to}, in a buffer that holds nothing else between position and limit. */
    ByteBuffer present(byte[] message, int from, int to) {
        int lead = 1 + to % 5;
        int capacity = lead + to - from + 9;
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
        while (buffer.hasRemaining()) {
            buffer.put((byte) 'Z');
        }
        return buffer.put(lead, message, from, to - from).position(lead).limit(lead + to - from);
    }
}
