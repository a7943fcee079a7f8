package dev.headgate.testkit.sim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One request as its client means to send it, the response that an origin owes it, and what has been seen of both.
 * Everything follows from the identity, so that client, origin and judge know it without telling each other.
 */
final class Planned {
    /** How the origin frames its answer. */
    enum Frame {
        LENGTH,
        CHUNKED,
        CLOSE
    }

    private static final int ANY = -1;
    private static final int NO_CONTENT = -2;

    final int client;
    final int number;
    final int upstream;
    final String target;
    final String method;
    final int bodyLength; // −1 for none
    final boolean isBodyChunked;
    final boolean expectsContinue;
    final boolean isHttp10;

    final int status;
    final Frame frame;
    final int contentLength;
    final int interims;
    final boolean hasTrailers;

    private final long requestKey;
    private final long responseKey;

    @Nullable
    PlannedTunnel tunnel; // of a request for a WebSocket

    // What was seen.
    boolean isSpoiled; // its client sends what it must not: what comes of it is its own
    boolean isAnswerSpoiled; // an origin answers what it must not
    boolean isForbidden; // follows an error on its connection: must never reach an origin
    boolean isSent; // at least its first byte
    boolean isAbandoned; // its client has taken it back
    boolean isSentWithTrailers;
    boolean isForHttp1; // an origin wants it so
    IntPredicate isHttp1Wanted = _ -> false; // by an origin of that upstream, and the proxy knows
    boolean isRepeatable; // an origin may seem to have said so
    boolean isAnswered;
    boolean isAnsweredByOrigin;
    final List<Integer> attemptConnections = new ArrayList<>();
    final Set<Integer> upstreamsSeen = new HashSet<>(); // looked up only
    int attempts; // those that are excused too
    private final List<Excuse> excuses = new ArrayList<>();

    @Nullable
    PeerEnd clientEnd;

    @Nullable
    Passage passage; // of the last time that it was sent

    long requestStart; // in what the client wrote
    long requestEnd = Long.MAX_VALUE; // where its next request begins
    long attemptStart; // in what the proxy wrote to the origin

    Planned(int client, int number, int upstream, long key, SimChance chance, int bodyMax, boolean isHttp10) {
        this(client, number, upstream, key, chance, bodyMax, isHttp10, ANY);
    }

    /** One to be sent by HTTP/2. */
    static Planned http2(int client, int number, int upstream, long key, SimChance chance, int bodyMax) {
        return new Planned(client, number, upstream, key, chance, bodyMax, false, ANY);
    }

    /** One for a WebSocket. */
    static Planned webSocket(
            int client, int number, int upstream, long key, SimChance chance, int bodyMax, boolean isRough) {
        var planned = new Planned(client, number, upstream, key, chance, bodyMax, false, NO_CONTENT);
        planned.tunnel = new PlannedTunnel(chance, bodyMax, isRough);
        return planned;
    }

    /** A POST with so much content. */
    static Planned post(int client, int number, int upstream, long key, SimChance chance, int bodyMax, int length) {
        return new Planned(client, number, upstream, key, chance, bodyMax, false, length);
    }

    private Planned(
            int client,
            int number,
            int upstream,
            long key,
            SimChance chance,
            int bodyMax,
            boolean isHttp10,
            int postLength) {
        this.client = client;
        this.number = number;
        this.isHttp10 = isHttp10;
        this.upstream = upstream;
        this.target = "/u%d/%d.%d-%016x".formatted(upstream, client, number, key);
        this.requestKey = SimChance.mix(key);
        this.responseKey = SimChance.mix(key + 1);
        String drawn = chance.oneOf("GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE");
        this.method = postLength == ANY ? drawn : postLength == NO_CONTENT ? "GET" : "POST";
        boolean hasBody = method.equals("POST") || method.equals("PUT");
        this.bodyLength = postLength >= 0 ? postLength : hasBody ? chance.skewed(bodyMax) : -1;
        this.isBodyChunked = hasBody && !isHttp10 && chance.oneIn(3);
        this.expectsContinue = postLength < 0 && bodyLength > 0 && !isHttp10 && chance.oneIn(4);
        this.status = chance.oneOf(200, 200, 200, 200, 204, 304, 404, 500);
        this.frame = chance.oneOf(Frame.LENGTH, Frame.LENGTH, Frame.CHUNKED, Frame.CHUNKED, Frame.CLOSE);
        this.contentLength = chance.skewed(bodyMax);
        this.interims = chance.oneIn(5) ? chance.between(1, 3) : 0;
        this.hasTrailers = frame == Frame.CHUNKED && chance.oneIn(3);
    }

    boolean isIdempotent() {
        return !method.equals("POST");
    }

    boolean hasAnswerContent() {
        return !method.equals("HEAD") && status != 204 && status != 304;
    }

    /** Whether it asks for a WebSocket that its origin does not grant: the proxy's own answer may take the place of the origin's. */
    boolean isNoGrant() {
        return tunnel != null && tunnel.welcome != PlannedTunnel.Welcome.GRANTED;
    }

    /** Byte {@code offset} of the request's content. */
    byte requestByte(long offset) {
        return byteAt(requestKey, offset);
    }

    /** Byte {@code offset} of the response's content. */
    byte responseByte(long offset) {
        return byteAt(responseKey, offset);
    }

    byte[] requestContent() {
        byte[] content = new byte[Math.max(0, bodyLength)];
        for (int i = 0; i < content.length; i++) {
            content[i] = requestByte(i);
        }
        return content;
    }

    byte[] responseContent() {
        byte[] content = new byte[contentLength];
        for (int i = 0; i < content.length; i++) {
            content[i] = responseByte(i);
        }
        return content;
    }

    /** An origin says that it has not looked at this attempt, in a frame that ends at {@code position} of what it sends on {@code end}. */
    void excuse(int attempt, PeerEnd end, long position) {
        excuses.add(new Excuse(attempt, end, position));
    }

    /** Forgets the attempts of which the proxy has read that an origin has not looked at them. */
    void dropExcused() {
        excuses.removeIf(excuse -> {
            boolean isRead = excuse.position() <= excuse.end().readByProxyBytes();
            if (isRead) {
                attemptConnections.remove((Integer) excuse.attempt());
            }
            return isRead;
        });
    }

    /** What an origin has said of an attempt. */
    private record Excuse(int attempt, PeerEnd end, long position) {}

    private static byte byteAt(long key, long offset) {
        return (byte) (SimChance.mix(key + (offset >>> 3)) >>> 8 * (offset & 7));
    }

    @Override
    public String toString() {
        return method + " " + target;
    }
}
