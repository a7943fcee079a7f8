package dev.headgate.testkit.sim;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.function.IntSupplier;

/** What a peer still has to send, at its pace: bytes, and things to do once the bytes before them are written. */
final class Outbox {
    private final Simulator simulator;
    private final PeerEnd end;
    private final Pace pace;
    private final SimChance chance;
    private final ArrayDeque<Object> queue = new ArrayDeque<>(); // ByteBuffer or Runnable
    private boolean isPausing;
    private boolean isPumping;

    /**
     * How fast a peer sends or reads.
     *
     * @param pieceMaxBytes most bytes at a time; 0 for no bound
     * @param pauseMaxNs longest pause between two pieces
     */
    record Pace(int pieceMaxBytes, long pauseMaxNs) {
        static final Pace FULL = new Pace(0, 0);

        static Pace draw(SimChance chance, int bytes) {
            return switch (chance.nextInt(4)) {
                case 0 ->
                    new Pace(1 + Math.max(chance.skewed(1_000), bytes / 40), chance.between(1_000L, 100_000_000L));
                case 1 -> new Pace(1 + Math.max(chance.skewed(100), bytes / 400), chance.between(1_000L, 2_000_000L));
                default -> FULL;
            };
        }

        int piece(int available, SimChance chance) {
            return pieceMaxBytes == 0 ? available : Math.min(available, chance.between(1, pieceMaxBytes));
        }

        long pauseNs(SimChance chance) {
            return pauseMaxNs == 0 ? 0 : chance.between(0L, pauseMaxNs);
        }
    }

    Outbox(Simulator simulator, PeerEnd end, Pace pace, SimChance chance) {
        this.simulator = simulator;
        this.end = end;
        this.pace = pace;
        this.chance = chance;
    }

    /** The first {@code length} bytes of {@code content} in chunks of the given sizes, without the last chunk. */
    static byte[] chunked(byte[] content, int length, IntSupplier sizes) {
        var bytes = new ByteArrayOutputStream();
        for (int at = 0; at < length; ) {
            int size = Math.min(length - at, sizes.getAsInt());
            bytes.writeBytes(
                    (Integer.toHexString(size).toUpperCase(Locale.ROOT) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            bytes.write(content, at, size);
            bytes.writeBytes(new byte[] {'\r', '\n'});
            at += size;
        }
        return bytes.toByteArray();
    }

    void add(String text) {
        add(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void add(byte[] bytes) {
        if (bytes.length > 0) {
            queue.add(ByteBuffer.wrap(bytes));
        }
    }

    /** Does {@code action} when all that was added before is written. */
    void then(Runnable action) {
        queue.add(action);
    }

    /** Forgets what is not yet written. */
    void clear() {
        queue.clear();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Writes what there is room and time for. */
    void pump() {
        if (isPumping) {
            return;
        }
        isPumping = true;
        try {
            while (!isPausing && !queue.isEmpty() && pumpOne()) {
                // One piece after the other.
            }
        } finally {
            isPumping = false;
        }
    }

    private boolean pumpOne() {
        Object first = queue.element();
        if (first instanceof Runnable action) {
            queue.remove();
            action.run();
            return true;
        }
        if (!end.isWritable()) {
            queue.clear();
            return false;
        }
        ByteBuffer bytes = (ByteBuffer) first;
        int most = pace.piece(bytes.remaining(), chance);
        int written = end.write(bytes.slice(bytes.position(), most));
        bytes.position(bytes.position() + written);
        if (!bytes.hasRemaining()) {
            queue.remove();
        }
        long pauseNs = pace.pauseNs(chance);
        if (pauseNs > 0 && written > 0) {
            isPausing = true;
            simulator.after(pauseNs, () -> {
                isPausing = false;
                pump();
            });
        }
        return written > 0;
    }
}
