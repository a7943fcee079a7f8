package dev.headgate.testkit.sim;

import dev.headgate.testkit.peer.MalformedMessageException;
import dev.headgate.testkit.peer.Response;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One client: sends its requests over one connection after the other, and checks every answer to the byte. */
public final class SimClient implements TrafficSource, PeerEnd.Peer, SimIo.Connected, MessageStream.Parts {
    /** How it behaves on its connections. */
    enum Manner {
        PROPER,
        /** Ends its stream behind its last request. */
        HALF_CLOSING,
        /** Ends its stream anywhere. */
        ENDING,
        /** Closes anywhere. */
        CLOSING,
        /** Resets anywhere. */
        RESETTING,
        /** Stops sending anywhere. */
        SILENT,
        /** Stops reading anywhere. */
        NOT_READING,
        /** Changes a byte of what it sends. */
        CORRUPT,
        /** Sends what must be refused, and then a request as it should be. */
        POISONOUS
    }

    private static final List<String> POISONS = List.of(
            "GET  /x HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET /x HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
            "GET /x HTTP/1.1\r\n\r\n",
            "GET /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "GET /x HTTP/1.1\r\nHost: h\r\n folded: x\r\n\r\n",
            "GET /x HTTP/1.1\r\nHost : h\r\n\r\n",
            "\u0000\u0001\u0002\r\n\r\n",
            "POST /u0/poison HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n");

    private static final int RECONNECTS_MAX = 4;
    private static final long CONTINUE_WAIT_NS = 1_500_000_000L;

    private final SimIo io;
    private final Ledger ledger;
    private final SimChance chance;
    private final SocketAddress from;
    private final SocketAddress to;
    private final int bodyMax;
    private final Manner manner;
    private final int depth;
    private final Outbox.Pace sendPace;
    private final Outbox.Pace readPace;
    private final long pauseMaxNs;
    private final List<Planned> plan = new ArrayList<>();
    private int next;
    private int connects;
    private boolean isDone;

    // Of the connection.
    private @Nullable PeerEnd end;
    private Outbox out;
    private MessageStream stream;
    private final ArrayDeque<Planned> outstanding = new ArrayDeque<>();
    private @Nullable Planned withheld; // its content waits for 100 (Continue)
    private @Nullable Response head; // of the response under way
    private long contentBytes;
    private boolean isIgnoringRest;
    private boolean isLastAnswered; // the proxy will close: nothing more is sent here
    private boolean isReadPausing;
    private boolean isDeaf;
    private boolean isPausing;
    private boolean isMisbehaviourDue;

    @SuppressWarnings("NullAway.Init") // Set with every connection.
    public SimClient(SimIo io, Ledger ledger, int number, SocketAddress from, SocketAddress to, Traffic traffic) {
        this.io = io;
        this.ledger = ledger;
        this.chance = io.simulator().chance().fork();
        this.from = from;
        this.to = to;
        this.bodyMax = traffic.bodyMax();
        this.manner = traffic.isRough() && chance.nextInt(2) == 0
                ? Manner.values()[chance.nextInt(Manner.values().length)]
                : Manner.PROPER;
        this.depth = chance.oneOf(1, 1, 1, 2, 4);
        this.sendPace = traffic.isFair() ? Outbox.Pace.FULL : Outbox.Pace.draw(chance, bodyMax);
        this.readPace = Outbox.Pace.draw(chance, bodyMax);
        this.pauseMaxNs = chance.oneOf(0L, 10_000_000L, 4_000_000_000L);
        boolean isHttp10 = chance.oneIn(10);
        boolean isSpoiling = manner == Manner.CORRUPT;
        int requests = chance.between(1, traffic.requestsMax());
        for (int i = 0; i < requests; i++) {
            int upstream = chance.nextInt(traffic.upstreams());
            Planned planned = new Planned(number, i, upstream, chance.nextLong(), chance.fork(), bodyMax, isHttp10);
            planned.isSpoiled = isSpoiling;
            ledger.add(planned);
            plan.add(planned);
        }
        if (isSpoiling) {
            ledger.expectSpoilers();
        }
    }

    /**
     * What clients do in a run.
     *
     * @param isFair whether they send without pauses, so that no timeout is theirs
     * @param isRough whether they do what a client must not
     * @param bodyMax longest content of any message
     * @param requestsMax most requests of a client
     * @param upstreams how many there are
     * @param ofTunnels those that are asked for WebSockets; empty where nobody asks for any
     */
    public record Traffic(
            boolean isFair, boolean isRough, int bodyMax, int requestsMax, int upstreams, List<Integer> ofTunnels) {
        public Traffic {
            ofTunnels = List.copyOf(ofTunnels);
        }
    }

    @Override
    public boolean isDone() {
        return isDone;
    }

    @Override
    public void start() {
        connect();
    }

    @Override
    public String toString() {
        return "client at %s: %s, request %d of %d, outstanding %s%s"
                .formatted(from, manner, next, plan.size(), outstanding, withheld == null ? "" : ", withheld");
    }

    // ---- connections -----------------------------------------------------------------------------------------------

    private void connect() {
        if (next == plan.size() || connects > RECONNECTS_MAX + plan.size()) {
            isDone = true;
            return;
        }
        connects++;
        io.connectClient(from, to, this);
    }

    private void connectLater() {
        io.simulator().after(chance.between(0L, 50_000_000L), this::connect);
    }

    @Override
    public void onRefused() {
        next++; // Given up: a proxy that does not listen may never do so again.
        connectLater();
    }

    @Override
    public void onConnected(PeerEnd opened) {
        end = opened;
        opened.owner(this);
        out = new Outbox(io.simulator(), opened, sendPace, chance);
        stream = MessageStream.ofResponses(this);
        outstanding.clear();
        withheld = null;
        head = null;
        isIgnoringRest = false;
        isLastAnswered = false;
        isReadPausing = false;
        isDeaf = false;
        isPausing = false;
        isMisbehaviourDue = manner.ordinal() >= Manner.ENDING.ordinal();
        io.simulator().trace("client", opened.number(), next, manner.toString());
        if (isMisbehaviourDue && manner != Manner.CORRUPT && manner != Manner.POISONOUS) {
            io.simulator().after(chance.between(0L, chance.oneOf(1_000_000L, 50_000_000L, 2_000_000_000L)), () -> {
                if (end == opened) {
                    misbehave(opened);
                }
            });
        }
        opened.owner(this);
        sendMore();
        opened.changed();
    }

    private void misbehave(PeerEnd opened) {
        isMisbehaviourDue = false;
        switch (manner) {
            case ENDING -> {
                out.clear();
                opened.shutdownOutput();
                next = plan.size();
            }
            case CLOSING -> {
                opened.close();
                connectionEnded();
            }
            case RESETTING -> {
                opened.reset();
                connectionEnded();
            }
            case SILENT -> {
                out.clear();
                withheld = null;
                next = plan.size();
                isMisbehaviourDue = true; // Nothing more is ever sent.
            }
            case NOT_READING -> {
                isDeaf = true;
                isDone = true;
            }
            default -> {}
        }
    }

    private void connectionEnded() {
        out.clear();
        end = null;
        outstanding.clear();
        connectLater();
    }

    /** All is answered: leaves in one of several ways. */
    private void leave(PeerEnd opened) {
        switch (chance.nextInt(3)) {
            case 0 -> {
                opened.close();
                connectionEnded();
            }
            case 1 -> opened.shutdownOutput(); // The proxy's end follows.
            default -> {} // The proxy closes what is idle.
        }
    }

    // ---- sending ---------------------------------------------------------------------------------------------------

    private void sendMore() {
        PeerEnd opened = end;
        if (opened == null || isPausing || isLastAnswered) {
            return;
        }
        while (outstanding.size() < depth && next < plan.size() && withheld == null && opened.isWritable()) {
            if (outstanding.stream().anyMatch(p -> p.isHttp10)) {
                break;
            }
            send(plan.get(next++), opened);
            if (manner == Manner.HALF_CLOSING && next == plan.size()) {
                out.then(() -> {
                    if (withheld == null) {
                        opened.shutdownOutput();
                    }
                });
            }
        }
        out.pump();
    }

    private void send(Planned planned, PeerEnd opened) {
        if (manner == Manner.POISONOUS && isMisbehaviourDue && chance.nextInt(2) == 0) {
            isMisbehaviourDue = false;
            Planned poison = new Planned(planned.client, -1, 9, 0, chance, 0, true);
            poison.isSpoiled = true;
            poison.isAnswerSpoiled = true;
            poison.isSent = true;
            outstanding.add(poison);
            String bytes = POISONS.get(chance.nextInt(POISONS.size()));
            if (bytes.contains("poison")) {
                ledger.expectSpoilers();
            }
            out.add(bytes);
            planned.isForbidden = true;
        }
        outstanding.add(planned);
        planned.clientEnd = opened;
        planned.passage = new Passage.OfConnection(planned, opened);
        out.then(() -> {
            planned.isSent = true;
            planned.requestStart = opened.writtenBytes();
            endRequestBefore(planned);
            io.simulator().trace("request", opened.number(), planned.bodyLength, planned.toString());
        });
        out.add(spoilt(requestHead(planned).getBytes(StandardCharsets.ISO_8859_1)));
        if (planned.expectsContinue) {
            withheld = planned;
            out.then(() -> io.simulator().after(CONTINUE_WAIT_NS, () -> sendWithheld(planned)));
        } else {
            sendContent(planned);
        }
    }

    private byte[] spoilt(byte[] bytes) {
        if (manner == Manner.CORRUPT && isMisbehaviourDue && bytes.length > 0 && chance.nextInt(2) == 0) {
            isMisbehaviourDue = false;
            bytes[chance.nextInt(bytes.length)] ^= (byte) (1 << chance.nextInt(8));
        }
        return bytes;
    }

    private static String requestHead(Planned planned) {
        var text = new StringBuilder(
                planned.method + " " + planned.target + (planned.isHttp10 ? " HTTP/1.0" : " HTTP/1.1"));
        text.append("\r\nHost: sim.example\r\nUser-Agent: sim\r\n");
        if (planned.isBodyChunked) {
            text.append("Transfer-Encoding: chunked\r\n");
        } else if (planned.bodyLength >= 0) {
            text.append("Content-Length: ").append(planned.bodyLength).append("\r\n");
        }
        if (planned.expectsContinue) {
            text.append("Expect: 100-continue\r\n");
        }
        if (planned.hasTrailers) {
            text.append("TE: trailers\r\n");
        }
        return text.append("\r\n").toString();
    }

    private void endRequestBefore(Planned planned) {
        for (Planned other : plan) {
            if (other.isSent
                    && other.clientEnd == planned.clientEnd
                    && other != planned
                    && other.requestEnd == Long.MAX_VALUE) {
                other.requestEnd = planned.requestStart;
            }
        }
    }

    private void sendWithheld(Planned planned) {
        if (withheld == planned) {
            withheld = null;
            sendContent(planned);
            out.pump();
            sendMore();
        }
    }

    private void sendContent(Planned planned) {
        if (planned.bodyLength < 0) {
            return;
        }
        byte[] content = planned.requestContent();
        if (!planned.isBodyChunked) {
            out.add(spoilt(content));
            return;
        }
        int chunkMax = chance.oneOf(100, 5_000, 100_000);
        out.add(spoilt(Outbox.chunked(content, content.length, () -> chance.between(1 + chunkMax / 8, chunkMax))));
        out.add("0\r\n\r\n");
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    @Override
    public void onReady() {
        PeerEnd opened = end;
        if (opened == null) {
            return;
        }
        out.pump();
        if (isReadPausing || isDeaf) {
            return;
        }
        int readable = opened.readableBytes();
        if (readable == 0) {
            return;
        }
        byte[] bytes = opened.read(readPace.piece(readable, chance));
        try {
            if (!isIgnoringRest) {
                stream.feed(ByteBuffer.wrap(bytes));
            }
        } catch (MalformedMessageException e) {
            Planned first = outstanding.peek();
            if (manner != Manner.CORRUPT && (first == null || !first.isSpoiled)) {
                ledger.violated(
                        "I2: malformed response on #" + opened.number() + ": " + e.getMessage() + ", to " + first);
            }
        }
        if (end != opened) {
            return;
        }
        long pauseNs = readPace.pauseNs(chance);
        if (pauseNs > 0) {
            isReadPausing = true;
            io.simulator().after(pauseNs, () -> {
                isReadPausing = false;
                onReady();
            });
        } else if (opened.readableBytes() > 0) {
            onReady();
        }
    }

    @Override
    public boolean onResponse(Response received) {
        Planned planned = outstanding.peek();
        if (manner == Manner.CORRUPT && (planned == null || !planned.isSent)) {
            isIgnoringRest = true; // A changed length makes two requests of one.
            return false;
        }
        if (planned == null || !planned.isSent) {
            ledger.violated("I1: a response that nobody asked for: " + received.status() + ", next " + planned);
            return true;
        }
        List<String> ids = received.fields().all("x-sim-id");
        boolean isLenient = planned.isSpoiled || planned.isAnswerSpoiled;
        if (received.status() < 200) {
            if (received.status() == 100) {
                sendWithheld(planned);
            }
            return true;
        }
        head = received;
        contentBytes = 0;
        io.simulator().trace("response", number(), received.status(), planned.toString());
        if (ids.isEmpty()) {
            if (received.status() < 400 && !isLenient) {
                ledger.violated("I2: untagged " + received.status() + " for " + planned);
            }
            // A HEAD that was refused before it was understood may get content, on a connection that ends.
            isIgnoringRest = planned.method.equals("HEAD") && received.announcesClose();
        } else if (!isLenient && !ids.equals(List.of(planned.target))) {
            ledger.violated("I2: response of " + ids + " for " + planned);
        } else if (!isLenient && received.status() != planned.status) {
            ledger.violated("I2: status " + received.status() + " for " + planned + ", origin says " + planned.status);
        }
        return !planned.method.equals("HEAD") || planned.isSpoiled && planned.number < 0;
    }

    private boolean isTagged() {
        return head != null && head.fields().has("x-sim-id");
    }

    @Override
    public void onContent(byte[] bytes, int count) {
        Planned planned = outstanding.peek();
        if (planned != null && isTagged() && !planned.isSpoiled && !planned.isAnswerSpoiled) {
            for (int i = 0; i < count; i++) {
                if (contentBytes + i >= planned.contentLength || bytes[i] != planned.responseByte(contentBytes + i)) {
                    ledger.violated("I2: response content differs at " + (contentBytes + i) + ": " + planned);
                    return;
                }
            }
        }
        contentBytes += count;
    }

    @Override
    public void onMessageEnd() {
        PeerEnd opened = end;
        Planned planned = outstanding.poll();
        Response received = head;
        if (opened == null || planned == null || received == null) {
            return;
        }
        boolean isLenient = planned.isSpoiled || planned.isAnswerSpoiled;
        int expected = planned.hasAnswerContent() ? planned.contentLength : 0;
        if (isTagged() && !isLenient && contentBytes != expected) {
            ledger.violated("I2: response complete with " + contentBytes + " of " + expected + " bytes: " + planned);
        }
        planned.isAnswered = true;
        isLastAnswered = planned.isHttp10 || received.announcesClose();
        planned.isAnsweredByOrigin = isTagged();
        head = null;
        io.simulator().trace("answered", opened.number(), contentBytes, planned.toString());
        boolean isUnfinished =
                withheld == planned || outstanding.isEmpty() && !out.isEmpty() && !received.announcesClose();
        if (withheld == planned) {
            withheld = null;
        }
        if (isUnfinished && !received.announcesClose() && planned.expectsContinue) {
            opened.close(); // The content was never sent: nobody could tell where the next request begins.
            connectionEnded();
            return;
        }
        if (outstanding.isEmpty() && next == plan.size()) {
            leave(opened);
        } else if (outstanding.isEmpty() && pauseMaxNs > 0) {
            isPausing = true;
            io.simulator().after(chance.between(0L, pauseMaxNs), () -> {
                isPausing = false;
                sendMore();
            });
        } else {
            sendMore();
        }
    }

    private int number() {
        return end == null ? -1 : end.number();
    }

    @Override
    public void onEnd() {
        PeerEnd opened = end;
        if (opened == null || isDeaf) {
            return;
        }
        stream.end();
        if (end == opened) {
            opened.close();
            connectionEnded();
        }
    }

    @Override
    public void onReset() {
        if (end != null) {
            end.close();
            connectionEnded();
        }
    }
}
