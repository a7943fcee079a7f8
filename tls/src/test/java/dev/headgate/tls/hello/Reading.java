package dev.headgate.tls.hello;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Reads bytes in every way in which they can arrive, and demands the same outcome. */
final class Reading {
    private static final int SPLITS_MAX = 400;
    private static final int BYTE_BY_BYTE_MAX = 2_000;

    private Reading() {}

    /** The outcome of {@code wire}: the hello's text, a violation's token, or what else it is. */
    static String everyWay(HelloLimits limits, byte[] wire) {
        int length = wire.length;
        var reader = new ClientHelloReader(limits);
        String whole = inCuts(reader, wire, length);
        for (int cut = 1; cut < Math.min(length, SPLITS_MAX); cut++) {
            assertEquals(whole, inCuts(reader, wire, cut, length), "split at " + cut);
        }
        int step = length <= BYTE_BY_BYTE_MAX ? 1 : 97;
        int[] steps = IntStream.concat(IntStream.iterate(0, at -> at < length, at -> at + step), IntStream.of(length))
                .toArray();
        assertEquals(whole, inCuts(reader, wire, steps), "step by step");
        var random = new SplittableRandom(length);
        int[] cuts = IntStream.concat(IntStream.range(0, 8).map(i -> random.nextInt(length + 1)), IntStream.of(length))
                .sorted()
                .toArray();
        assertEquals(whole, inCuts(reader, wire, cuts), "random cuts");
        return whole;
    }

    /** Each call gets a buffer of its own that ends where the bytes end, with garbage around them. */
    static String inCuts(ClientHelloReader reader, byte[] wire, int... cuts) {
        var scan = new HelloScan();
        HelloOutcome outcome = HelloOutcome.NEED_MORE;
        for (int i = 0; i < cuts.length && outcome == HelloOutcome.NEED_MORE; i++) {
            ByteBuffer source = present(wire, cuts[i], i % 2 == 1);
            int position = source.position();
            outcome = reader.read(source, scan);
            assertEquals(position, source.position(), "nothing is consumed");
            assertEquals(cuts[i], source.remaining());
            assertEquals(outcome, scan.outcome());
            assertEquals(outcome == HelloOutcome.REFUSED, scan.violation() != null);
        }
        return switch (outcome) {
            case COMPLETE -> reader.hello().toString();
            case REFUSED -> String.valueOf(scan.violation().token());
            case NEED_MORE, PLAIN_HTTP, SSLV2, NOT_TLS -> outcome.name();
        };
    }

    private static ByteBuffer present(byte[] wire, int length, boolean direct) {
        int lead = 1 + length % 5;
        ByteBuffer buffer =
                direct ? ByteBuffer.allocateDirect(lead + length + 9) : ByteBuffer.allocate(lead + length + 9);
        while (buffer.hasRemaining()) {
            buffer.put((byte) 'Z');
        }
        return buffer.put(lead, wire, 0, length).position(lead).limit(lead + length);
    }
}
