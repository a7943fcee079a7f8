package dev.headgate.testkit.sim;

import dev.headgate.testkit.WebSocketFrames;
import dev.headgate.testkit.peer.MalformedMessageException;
import dev.headgate.testkit.peer.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One connection of an origin: answers one request after the other, mostly as it should. */
final class SimOrigin implements OriginConnection, PeerEnd.Peer, MessageStream.Parts {
    /** How it answers one request. */
    enum Manner {
        /** When it has the whole request. */
        PROPERLY,
        /** As soon as it has the head. */
        EARLY,
        /** With {@code Connection: close}, which it then does. */
        CLOSING,
        /** Properly, and closes without a word. */
        CLOSING_UNSAID,
        /** Ends its stream within the response. */
        TRUNCATED,
        /** Resets within the response. */
        RESET,
        /** Resets before any answer. */
        RESET_AT_ONCE,
        /** Ends its stream before any answer. */
        END_AT_ONCE,
        /** Does not answer. */
        SILENT,
        /** Stops within the response. */
        STALLED,
        /** Sends more than was asked for. */
        SURPLUS,
        /** Sends noise. */
        NOISE,
        /** Changes a byte of its head. */
        CORRUPT,
        /** Breaks its chunked framing. */
        BAD_CHUNK,
        /** Sends interim responses without end. */
        INTERIM_FLOOD,
        /** Asks for an upgrade that nobody wanted. */
        UPGRADE
    }

    private static final Manner[] ROUGH = Manner.values();
    private static final int FLOOD = 200;

    private final Ledger ledger;
    private final SimOriginHost host;
    private final PeerEnd end;
    private final SimChance chance;
    private final Outbox.Pace readPace;
    private final MessageStream stream = MessageStream.ofRequests(this);
    private final Outbox out;
    private final RequestWatch watch;
    private @Nullable TunnelEnd tunnel;
    private boolean isAskedForTunnel;
    private String key = ""; // with which it is asked for
    private @Nullable Planned current;
    private Manner manner = Manner.PROPERLY;
    private boolean isAnswering;
    private @Nullable Planned answered; // by what is, or was last, being written
    private boolean isAnswerDue;
    private boolean isReadPausing;
    private boolean isGone;
    private boolean hasSentStray;
    private boolean isOutOfStep; // a stray answer has met a request, and so does every answer from then on
    private long answerStart;
    private long clientMark;

    SimOrigin(Ledger ledger, SimOriginHost host, PeerEnd end, SimChance chance) {
        this.ledger = ledger;
        this.host = host;
        this.end = end;
        this.chance = chance;
        this.readPace = Outbox.Pace.draw(chance, host.bodyMax());
        this.out = new Outbox(ledger.simulator(), end, Outbox.Pace.draw(chance, host.bodyMax()), chance);
        end.owner(this);
        this.watch = new RequestWatch(ledger, end.number(), host.upstream(), this::isStrayUnderWay);
        end.tap(watch);
    }

    @Override
    public void checkPassing() {
        Planned planned = current;
        Passage passage = planned == null ? null : planned.passage;
        if (planned == null || planned.isSpoiled || passage == null || isGone || tunnel != null) {
            return;
        }
        if (planned.attemptConnections.getLast() != end.number()) {
            return; // The proxy has turned to another origin.
        }
        if (isAnswering
                && planned == answered) { // The end of an answer may still be under way when the next request comes.
            ledger.onPassing(
                    "response",
                    planned,
                    end.readByProxyBytes() - answerStart,
                    passage.responseWrittenBytes() - clientMark);
        }
        if (passage.isEndedByProxy()) {
            return;
        }
        ledger.onPassing(
                "request", planned, passage.requestReadBytes(), end.writtenByProxyBytes() - planned.attemptStart);
    }

    /** Whether an answer that nobody asked for is still to arrive: what it will be taken for, nobody can help. */
    private boolean isStrayUnderWay() {
        isOutOfStep |=
                manner == Manner.SURPLUS && isAnswering || hasSentStray && (!out.isEmpty() || end.unarrivedBytes() > 0);
        return isOutOfStep;
    }

    @Override
    public void onReady() {
        out.pump();
        if (isReadPausing || isGone) {
            return;
        }
        int readable = end.readableBytes();
        if (readable == 0) {
            return;
        }
        byte[] bytes = end.read(readPace.piece(readable, chance));
        try {
            stream.feed(ByteBuffer.wrap(bytes));
        } catch (BrokenRule e) {
            onBroken(e);
            return;
        } catch (MalformedMessageException e) {
            ledger.violated("I2: malformed request arrived on #" + end.number() + ": " + e.getMessage());
            return;
        }
        long pauseNs = Math.max(1, readPace.pauseNs(chance));
        isReadPausing = true;
        ledger.simulator().after(pauseNs, () -> {
            isReadPausing = false;
            onReady();
        });
    }

    @Override
    public void onEnd() {
        TunnelEnd opened = tunnel;
        if (opened != null) {
            onTunnelEnd(opened);
        } else if (!isAnswering || chance.oneIn(4)) {
            leave();
        } else {
            out.then(this::leave);
            out.pump();
        }
    }

    @Override
    public void onReset() {
        if (tunnel != null) {
            tunnel.onReset();
        }
        leave();
    }

    private void leave() {
        isGone = true;
        out.clear();
        end.close();
        host.onGone(this);
    }

    // ---- requests --------------------------------------------------------------------------------------------------

    @Override
    public void onRequest(Request head) {
        Planned planned = ledger.find(head.target());
        current = planned;
        isAskedForTunnel = head.fields().has("upgrade");
        key = String.valueOf(head.fields().value("sec-websocket-key"));
        if (host.isStormy()) {
            manner = chance.oneIn(16) ? Manner.PROPERLY : Manner.RESET_AT_ONCE;
        } else {
            manner = drawnManner();
        }
        if (planned == null) {
            manner = Manner.CLOSING;
            return;
        }
        onManner(head, planned);
    }

    private Manner drawnManner() {
        return host.isRough() && chance.oneIn(3) ? ROUGH[chance.nextInt(ROUGH.length)] : Manner.PROPERLY;
    }

    private void onManner(Request head, Planned planned) {
        if (planned.isSpoiled && manner == Manner.EARLY) {
            manner = Manner.PROPERLY;
        } else if (planned.frame == Planned.Frame.CLOSE && manner == Manner.SURPLUS) {
            manner = Manner.CLOSING; // What follows would be content.
        }
        ledger.simulator().trace("manner", end.number(), manner.ordinal(), manner + " " + planned);
        if (head.fields().has("expect") && manner == Manner.PROPERLY && chance.nextInt(3) > 0) {
            out.add("HTTP/1.1 100 Continue\r\n\r\n");
            out.pump();
        }
        switch (manner) {
            case EARLY -> later(this::answer);
            case RESET_AT_ONCE -> later(this::resetNow);
            case END_AT_ONCE -> later(this::leave);
            default -> {}
        }
    }

    private void later(Runnable action) {
        ledger.simulator().after(host.thinkingNs(chance), () -> {
            if (!isGone) {
                action.run();
            }
        });
    }

    @Override
    public void resetNow() {
        isGone = true;
        end.reset();
        host.onGone(this);
    }

    @Override
    public void onContent(byte[] bytes, int count) {
        if (tunnel != null) {
            tunnel.onBytes(bytes, count);
        }
    }

    @Override
    public void onMessageEnd() {
        switch (manner) {
            case EARLY, RESET_AT_ONCE, END_AT_ONCE, SILENT -> {}
            default -> later(this::answer);
        }
    }

    // ---- answers ---------------------------------------------------------------------------------------------------

    private void answer() {
        if (isAnswering) {
            isAnswerDue = true; // The end of the one before is still to be written.
            return;
        }
        isAnswering = true;
        answerStart = end.writtenBytes();
        Planned planned = current;
        answered = planned;
        if (planned == null) {
            out.add("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            out.then(this::leave);
            out.pump();
            return;
        }
        Passage passage = planned.passage;
        clientMark = passage == null ? 0 : passage.responseWrittenBytes();
        PlannedTunnel asked = planned.tunnel;
        boolean mayGrant = asked != null && isAskedForTunnel && (manner == Manner.PROPERLY || manner == Manner.EARLY);
        if (asked != null && mayGrant && asked.welcome != PlannedTunnel.Welcome.ANSWERED) {
            grant(planned, asked);
            return;
        }
        switch (manner) {
            case NOISE -> {
                planned.isAnswerSpoiled = true;
                byte[] noise = new byte[chance.between(1, 2_000)];
                for (int i = 0; i < noise.length; i++) {
                    noise[i] = (byte) chance.nextInt(256);
                }
                out.add(noise);
            }
            case UPGRADE -> out.add("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
            case INTERIM_FLOOD -> flood();
            default -> answer(planned);
        }
        Manner answered = manner;
        out.then(() -> afterAnswer(planned, answered));
        out.pump();
    }

    /** Switches protocols, with the proof or with another one. */
    private void grant(Planned planned, PlannedTunnel asked) {
        boolean isProven = asked.welcome == PlannedTunnel.Welcome.GRANTED;
        stream.becomeTunnel();
        watch.becomeTunnel();
        if (isProven) {
            asked.grant();
        }
        ledger.simulator().trace("grant", end.number(), 0, planned.toString());
        out.add("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Sim-Id: "
                + planned.target + "\r\nSec-WebSocket-Accept: "
                + WebSocketFrames.acceptOf(isProven ? key : "of nothing") + "\r\n\r\n");
        if (isProven) {
            var way = new TunnelEnd.OverConnection(out, end, this::tunnelClosed);
            var opened = new TunnelEnd(ledger.simulator(), asked.down, asked.upAtOrigin, chance, way);
            tunnel = opened;
            opened.start();
        }
        out.pump();
    }

    private void onTunnelEnd(TunnelEnd opened) {
        try {
            opened.onEnd();
        } catch (BrokenRule e) {
            onBroken(e);
        }
    }

    /** A WebSocket brings what it should not: a client that changes bits may be why. */
    private void onBroken(BrokenRule rule) {
        Planned planned = current;
        if (planned == null || !planned.isSpoiled) {
            ledger.violated("I2: at an origin, on #" + end.number() + ": " + rule.getMessage() + ", of " + planned);
        }
        resetNow();
    }

    private void tunnelClosed() {
        isGone = true;
        host.onGone(this);
    }

    private void flood() {
        for (int i = 0; i < FLOOD; i++) {
            out.add("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
        }
    }

    private void answer(Planned planned) {
        for (int i = 0; i < planned.interims; i++) {
            out.add("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n");
        }
        boolean isClosing = manner == Manner.CLOSING || planned.frame == Planned.Frame.CLOSE;
        byte[] head = head(planned, isClosing).getBytes(StandardCharsets.ISO_8859_1);
        if (manner == Manner.CORRUPT) {
            planned.isAnswerSpoiled = true;
            head[chance.nextInt(head.length)] ^= (byte) (1 << chance.nextInt(8));
        }
        out.add(head);
        int whole = planned.hasAnswerContent() ? planned.contentLength : 0;
        int sent = isCutShort() ? chance.nextInt(whole + 1) : whole;
        content(planned, sent, sent == whole && !isCutShort());
    }

    private boolean isCutShort() {
        return manner == Manner.TRUNCATED || manner == Manner.RESET || manner == Manner.STALLED;
    }

    private static String head(Planned planned, boolean isClosing) {
        var head =
                new StringBuilder("HTTP/1.1 " + planned.status + " Simulated\r\nX-Sim-Id: " + planned.target + "\r\n");
        boolean saysLength = planned.status != 204 && planned.frame == Planned.Frame.LENGTH;
        if (saysLength) {
            head.append("Content-Length: ").append(planned.contentLength).append("\r\n");
        } else if (planned.frame == Planned.Frame.CHUNKED && planned.hasAnswerContent()) {
            head.append("Transfer-Encoding: chunked\r\n");
        }
        if (isClosing) {
            head.append("Connection: close\r\n");
        }
        return head.append("\r\n").toString();
    }

    private void content(Planned planned, int length, boolean isWhole) {
        if (!planned.hasAnswerContent()) {
            return;
        }
        byte[] content = planned.responseContent();
        if (planned.frame != Planned.Frame.CHUNKED) {
            out.add(Arrays.copyOf(content, length));
            return;
        }
        int chunkMax = chance.oneOf(64, 1_000, 100_000);
        out.add(Outbox.chunked(content, length, () -> chance.between(1 + chunkMax / 2, chunkMax)));
        if (manner == Manner.BAD_CHUNK) {
            out.add("+0\r\n\r\n");
        } else if (isWhole) {
            out.add(planned.hasTrailers ? "0\r\nX-Sum: 1\r\n\r\n" : "0\r\n\r\n");
        }
    }

    private void afterAnswer(Planned planned, Manner answered) {
        if (current == planned) {
            current = null;
        }
        switch (answered) {
            case RESET -> resetNow();
            case TRUNCATED -> {
                if (planned.frame == Planned.Frame.CLOSE) {
                    resetNow(); // An orderly end would be the end of the content.
                } else {
                    leave();
                }
            }
            case STALLED, NOISE, UPGRADE, BAD_CHUNK -> {}
            case SURPLUS -> {
                hasSentStray = true;
                out.add("HTTP/1.1 200 OK\r\nX-Sim-Id: nobody\r\nContent-Length: 5\r\n\r\nstray");
                next();
            }
            case CLOSING, CLOSING_UNSAID -> leave();
            default -> {
                if (planned.frame == Planned.Frame.CLOSE) {
                    leave();
                } else {
                    next();
                }
            }
        }
    }

    private void next() {
        isAnswering = false;
        if (isAnswerDue) {
            isAnswerDue = false;
            answer();
        }
    }
}
