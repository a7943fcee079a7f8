package dev.headgate.e2e;

import dev.headgate.testkit.Wire;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Requests of every kind before an origin of every mood: which ones there are, and what each of them looks like. */
final class TrafficPlan {
    private static final int CHUNK_BYTES = 700;

    private TrafficPlan() {}

    /** How a request is made. */
    enum Kind {
        GET,
        HEAD,
        POST_LENGTH,
        POST_CHUNKED;

        String method() {
            return this == POST_LENGTH || this == POST_CHUNKED ? "POST" : name();
        }

        boolean hasContent() {
            return this == POST_LENGTH || this == POST_CHUNKED;
        }
    }

    /** What the origin does about a request, and how many requests of ten thousand meet it. */
    enum Mood {
        CHUNKED(800),
        HINTS(300),
        UNTIL_CLOSE(150),
        CLOSE_AFTER(150),
        SURPLUS(100),
        ANSWER_EARLY(100),
        /** Resets what it sees for the first time, and answers what comes again. */
        RESET_ONCE(150),
        RESET_ALWAYS(60),
        CLOSE_WITHOUT_ANSWER(60),
        TRUNCATE(60),
        RESET_WITHIN(60),
        BROKEN_CHUNK(60),
        BROKEN_HEAD(60),
        HINT_FLOOD(60),
        STALL_BEFORE(24),
        STALL_WITHIN(32),
        /** An answer with its length. All other requests. */
        LENGTH(0);

        private final int perTenThousand;

        Mood(int perTenThousand) {
            this.perTenThousand = perTenThousand;
        }

        /** Whether a complete answer has to come of it. */
        boolean isHarmless() {
            return switch (this) {
                case LENGTH, CHUNKED, HINTS, UNTIL_CLOSE, CLOSE_AFTER, SURPLUS, ANSWER_EARLY -> true;
                case RESET_ONCE,
                        RESET_ALWAYS,
                        CLOSE_WITHOUT_ANSWER,
                        TRUNCATE,
                        RESET_WITHIN,
                        BROKEN_CHUNK,
                        BROKEN_HEAD,
                        HINT_FLOOD,
                        STALL_BEFORE,
                        STALL_WITHIN -> false;
            };
        }

        /** Whether its fault lies in the content, so that a request whose answer has none does not meet it. */
        private boolean needsContent() {
            return switch (this) {
                case TRUNCATE, RESET_WITHIN, BROKEN_CHUNK, STALL_WITHIN, SURPLUS -> true;
                case LENGTH,
                        CHUNKED,
                        HINTS,
                        UNTIL_CLOSE,
                        CLOSE_AFTER,
                        ANSWER_EARLY,
                        RESET_ONCE,
                        RESET_ALWAYS,
                        CLOSE_WITHOUT_ANSWER,
                        BROKEN_HEAD,
                        HINT_FLOOD,
                        STALL_BEFORE -> false;
            };
        }
    }

    /**
     * One request. All of it is in its target, so that the origin knows what it has to receive and to do.
     *
     * @param length of the answer's content, and of the request's where it has one
     */
    record Planned(int id, Kind kind, Mood mood, int length) {
        static Planned of(String target) {
            String[] parts = target.split("[/?&]");
            return new Planned(
                    Integer.parseInt(parts[1]),
                    Kind.valueOf(parts[2]),
                    Mood.valueOf(parts[3]),
                    Integer.parseInt(parts[4]));
        }

        String target() {
            return "/" + id + "?" + kind + "&" + mood + "&" + length;
        }

        /** Tells whose it is at every place. */
        String requestContent() {
            return repeated("<" + id);
        }

        /** Tells whose it is at every place, and is not what was sent. */
        String answerContent() {
            return repeated(">" + id);
        }

        private String repeated(String tag) {
            return tag.repeat(length / tag.length() + 1).substring(0, length);
        }

        byte[] bytes() {
            var request = new StringBuilder(kind.method() + " " + target() + " HTTP/1.1␍␊Host: a␍␊");
            if (kind == Kind.POST_LENGTH) {
                request.append("Content-Length: ").append(length).append("␍␊␍␊").append(requestContent());
            } else if (kind == Kind.POST_CHUNKED) {
                request.append("Transfer-Encoding: chunked␍␊␍␊");
                appendChunks(request, requestContent());
            } else {
                request.append("␍␊");
            }
            return Wire.bytes(request.toString());
        }

        private static void appendChunks(StringBuilder request, String content) {
            for (int i = 0; i < content.length(); i += CHUNK_BYTES) {
                String chunk = content.substring(i, Math.min(i + CHUNK_BYTES, content.length()));
                request.append(Integer.toHexString(chunk.length()))
                        .append("␍␊")
                        .append(chunk)
                        .append("␍␊");
            }
            request.append("0␍␊␍␊");
        }
    }

    /** {@code count} requests with every mood in its proportion; the same ones in the same order for the same seed. */
    static List<Planned> of(int count, int lengthMax, long seed) {
        var random = new Random(seed);
        List<Mood> moods = new ArrayList<>(count);
        for (var mood : Mood.values()) {
            moods.addAll(Collections.nCopies(mood.perTenThousand * count / 10_000, mood));
        }
        moods.addAll(Collections.nCopies(count - moods.size(), Mood.LENGTH));
        Collections.shuffle(moods, random);
        List<Planned> plan = new ArrayList<>(count);
        for (int id = 0; id < count; id++) {
            var mood = moods.get(id);
            var kind = Kind.values()[random.nextInt(Kind.values().length)];
            int length = 1 + random.nextInt(random.nextInt(8) == 0 ? lengthMax : 300);
            plan.add(new Planned(id, kind == Kind.HEAD && mood.needsContent() ? Kind.GET : kind, mood, length));
        }
        return plan;
    }
}
