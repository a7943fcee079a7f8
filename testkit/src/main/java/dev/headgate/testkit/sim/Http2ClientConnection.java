package dev.headgate.testkit.sim;

import static dev.headgate.testkit.sim.BrokenRule.check;

import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.Frame;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.peer.Field;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The requests of one connection of a client that speaks HTTP/2, side by side, and what is right as an answer to them. */
final class Http2ClientConnection implements Http2Role {
    /** Codes of GOAWAY that a client which breaks no rule can meet, as it is slow. */
    private static final Set<Integer> CODES_FOR_SLOW =
            Set.of(Codes.NO_ERROR, Codes.PROTOCOL_ERROR, Codes.SETTINGS_TIMEOUT, Codes.ENHANCE_YOUR_CALM);

    private static final Set<Integer> RESET_CODES =
            Set.of(Codes.NO_ERROR, Codes.INTERNAL_ERROR, Codes.CANCEL, Codes.REFUSED_STREAM, Codes.ENHANCE_YOUR_CALM);

    private static final long CONTINUE_WAIT_NS = 1_500_000_000L;

    private final SimHttp2Client client;
    private final Ledger ledger;
    private final SimChance chance;
    private final PeerEnd end;
    private final Http2Manner manner;
    private final SimHttp2Client.Style style;
    private final Http2Watch watch;
    private final Http2Link link;
    private final Http2Requests frames;
    private final Map<Integer, Http2Call> calls = new TreeMap<>(); // all that there have been
    private int nextId = 1;
    private int active;
    private int proxyStreamsMax = Integer.MAX_VALUE;
    private boolean areSettingsSeen;
    private long goAwayLast = -1; // −1 for none
    private boolean isDraining;
    private boolean isPausing;
    private boolean isLeaving;
    private @Nullable Http2Call refill; // sends what brings all credit back

    Http2ClientConnection(
            SimHttp2Client client,
            Ledger ledger,
            SimChance chance,
            PeerEnd end,
            Http2Manner manner,
            SimHttp2Client.Style style,
            Http2Limits limits) {
        this.client = client;
        this.ledger = ledger;
        this.chance = chance;
        this.end = end;
        this.manner = manner;
        this.style = style;
        this.watch = Http2Watch.atClient(ledger, end);
        this.link = new Http2Link(ledger, end, chance, manner, style.habits(), limits, watch, this);
        this.frames = new Http2Requests(chance, link.sections());
    }

    void start() {
        link.start("http2-client", client.leftCount());
        if (manner != Http2Manner.CORRUPT) {
            end.tap(watch); // What it says of its windows may be changed.
        }
        link.queue(Frames.preface());
        link.sendOpening(-1, false);
        sendMore();
        end.changed();
    }

    // ---- sending ---------------------------------------------------------------------------------------------------

    private void sendMore() {
        if (link.isOver() || isPausing || link.isMute()) {
            return;
        }
        while (mayBegin()) {
            begin(client.takeNext());
            if (manner == Http2Manner.HALF_CLOSING && client.leftCount() == 0) {
                link.then(end::shutdownOutput);
            }
        }
        link.sendContent();
        link.pump();
    }

    private boolean mayBegin() {
        return client.leftCount() > 0
                && (areSettingsSeen || !client.isNextTunnel())
                && !isDraining
                && active < Math.min(style.depth(), proxyStreamsMax)
                && (areSettingsSeen || !style.waitsForSettings())
                && link.isWritable();
    }

    private void begin(Planned planned) {
        if (link.takePoison()) {
            link.queue(frames.poison(takeId()));
        }
        planned.isForbidden = link.isPoisoned();
        if (chance.oneIn(5)) {
            link.queue(frames.idle(nextId));
        }
        Http2Call call = new Http2Call(planned, takeId(), end, watch);
        calls.put(call.id, call);
        link.add(call.flow);
        active++;
        planned.passage = call;
        if (planned.tunnel == null) {
            sendRequest(planned, call);
        } else {
            noteSent(planned, call);
            link.queue(frames.tunnel(planned, call.id));
            planned.tunnel.ask();
            while (planned.tunnel.hasEarly()) {
                call.flow.wholeBytes += planned.tunnel.up.takeNext().length;
            }
        }
        link.creditLater();
        if (chance.oneIn(style.resetsOneIn())) {
            link.later(chance.skewed(chance.oneOf(1_000_000, 100_000_000, 2_000_000_000)), () -> reset(call));
        }
        if (chance.oneIn(8)) {
            link.ping(() -> {});
        }
    }

    private void sendRequest(Planned planned, Http2Call call) {
        Http2Flow flow = call.flow;
        flow.hasTrailers = planned.bodyLength >= 0 && chance.oneIn(5);
        planned.isSentWithTrailers = flow.hasTrailers;
        boolean isWhole =
                planned.bodyLength < 0 || planned.bodyLength == 0 && !flow.hasTrailers && chance.nextInt(2) == 0;
        flow.hasEnded = isWhole;
        noteSent(planned, call);
        link.queue(frames.head(planned, call.id, isWhole));
        if (flow.isWithheld) {
            link.then(() -> link.later(CONTINUE_WAIT_NS, () -> sendWithheld(call)));
        }
    }

    private void noteSent(Planned planned, Http2Call call) {
        link.then(() -> {
            planned.isSent = true;
            ledger.simulator().trace("request", end.number(), call.id, planned.toString());
        });
    }

    private int takeId() {
        int id = nextId;
        nextId += 2 * (chance.oneIn(5) ? chance.between(1, 20) : 1);
        return id;
    }

    private void sendWithheld(Http2Call call) {
        if (call.flow.isWithheld) {
            call.flow.isWithheld = false;
            sendMore();
        }
    }

    private void reset(Http2Call call) {
        if (mayReset(call)) {
            reset(call, chance.oneOf(Codes.CANCEL, Codes.NO_ERROR, Codes.INTERNAL_ERROR));
        }
    }

    private boolean mayReset(Http2Call call) {
        return !call.isOver() && !link.isMute() && !link.isLenient();
    }

    private void reset(Http2Call call, int code) {
        if (!mayReset(call)) {
            return;
        }
        call.isReset = true;
        call.flow.stop();
        call.planned.isAbandoned = true;
        link.queue(Frames.rst(call.id, code));
        ledger.simulator().trace("rst-stream", end.number(), call.id);
        if (chance.nextInt(2) == 0) {
            link.ping(call::becomeQuiet);
        }
        finish(call);
        link.pump();
    }

    @Override
    public void onRoom() {
        sendMore();
    }

    /** A call whose answer came first is over once its content is sent. */
    @Override
    public void onSent(Http2Flow flow) {
        Http2Call call = calls.get(flow.id);
        if (call == null) {
            return;
        }
        if (call.tunnelWay != null) {
            call.tunnelWay.onSent();
        }
        if (call.isOver()) {
            finish(call);
        }
    }

    @Override
    public boolean onSpoiling(byte[] bytes) {
        return true;
    }

    @Override
    public void onMisbehaved(Http2Manner done) {
        client.onMisbehaved(done);
        if (link.isOver()) {
            onOver();
        }
    }

    // ---- what comes ------------------------------------------------------------------------------------------------

    private Http2Call call(Frame frame) {
        Http2Call call = calls.get(frame.streamId());
        if (call == null) {
            throw new BrokenRule("of a stream that was not opened: " + frame);
        }
        check(goAwayLast < 0 || call.id <= goAwayLast, "of a stream that was said to be unseen: ", frame);
        return call;
    }

    @Override
    public Http2Flow flowOf(Frame frame) {
        return call(frame).flow;
    }

    @Override
    public void onSettings(int streams) {
        proxyStreamsMax = streams;
        areSettingsSeen = true;
        sendMore();
    }

    @Override
    public void onFields(Frame last, List<Field> fields, boolean ends) {
        Http2Call call = call(last);
        boolean wasBegun = call.status() != 0;
        int interim = call.onFields(fields, ends);
        if (interim == 100) {
            sendWithheld(call);
        }
        if (call.isReset) {
            return;
        }
        if (!wasBegun && call.status() != 0) {
            checkHead(call);
            if (call.planned.tunnel != null) {
                onTunnelAnswer(call, call.planned.tunnel);
            }
        }
        if (call.isAnswered()) {
            onAnswered(call);
        }
    }

    private void onTunnelAnswer(Http2Call call, PlannedTunnel asked) {
        if (call.status() == 200) {
            check(asked.isGranted || call.planned.isSpoiled, "a WebSocket that no origin has granted: ", call);
            var way = new Http2TunnelWay(link, call.flow, code -> reset(call, code));
            var opened = new TunnelEnd(ledger.simulator(), asked.up, asked.downAtClient, chance, way);
            call.tunnelWay = way;
            call.tunnel = opened;
            if (call.isAnswered()) {
                opened.onEnd();
            }
            opened.start();
        } else {
            call.flow.isCut = false; // The stream has no more use.
            link.sendContent();
        }
    }

    private void checkHead(Http2Call call) {
        Planned planned = call.planned;
        ledger.simulator().trace("response", end.number(), call.status(), planned.toString());
        if (planned.isSpoiled || planned.isAnswerSpoiled) {
            return;
        }
        if (!call.isTagged()) {
            check(call.status() >= 400, "untagged: ", call);
        } else {
            check(call.isTaggedWith(planned.target), "of another request: ", call);
            boolean isGrant = planned.tunnel != null && call.status() == 200;
            check(isGrant || call.status() == planned.status, "origin says " + planned.status + ": ", call);
        }
    }

    @Override
    public void onData(Frame frame) {
        Http2Call call = call(frame);
        Planned planned = call.planned;
        call.onData(
                frame.content(),
                frame.has(Frames.END_STREAM),
                !call.isReset && !planned.isSpoiled && !planned.isAnswerSpoiled);
        if (call.isAnswered() && !call.isReset) {
            onAnswered(call);
        }
    }

    private void onAnswered(Http2Call call) {
        Planned planned = call.planned;
        if (call.tunnel == null && call.isTagged() && !planned.isSpoiled && !planned.isAnswerSpoiled) {
            call.checkWhole();
        }
        planned.isAnswered = true;
        planned.isAnsweredByOrigin = call.isTagged() || planned.isNoGrant();
        ledger.simulator().trace("answered", end.number(), call.contentBytes(), planned.toString());
        if (call.isOver()) {
            finish(call);
        }
    }

    @Override
    public void onRstStream(Frame frame) {
        Http2Call call = call(frame);
        call.onReset(frame.errorCode());
        check(link.isLenient() || RESET_CODES.contains(frame.errorCode()), "accused: " + call + ": ", frame);
        if (call.isFinished) {
            return;
        }
        finish(call);
        if (frame.errorCode() == Codes.REFUSED_STREAM && !call.planned.isForbidden) {
            sendAgain(call);
        }
    }

    @Override
    public Http2Flow onStreamCredit(Frame frame) {
        Http2Call call = call(frame);
        call.onWindowUpdate();
        return call.flow;
    }

    @Override
    public void onGoAway(Frame frame) {
        int last = frame.lastStreamId();
        check(goAwayLast < 0 || last <= goAwayLast, "raises what was said: ", frame);
        check(link.isLenient() || CODES_FOR_SLOW.contains(frame.errorCode()), "accused: ", frame);
        goAwayLast = last;
        isDraining = true;
        check(
                calls.values().stream()
                        .noneMatch(call -> isUnseen(call) && (call.status() != 0 || call.resetCode() >= 0)),
                "of streams that were served: ",
                frame);
        for (Http2Call call : calls.values()) {
            if (isUnseen(call) && !call.isFinished) {
                call.isFinished = true;
                active--;
            }
        }
    }

    /** Whether the proxy has said that it has not looked at this one, nor will (RFC 9113 §6.8). */
    private boolean isUnseen(Http2Call call) {
        return goAwayLast >= 0 && call.id > goAwayLast && !call.planned.isForbidden;
    }

    private void sendAgain(Http2Call call) {
        Planned planned = call.planned;
        call.isFinished = true;
        if (!planned.attemptConnections.isEmpty() && !planned.isSpoiled) {
            ledger.violated("I7: said to be unseen, and sent to an origin: " + call);
        }
        client.putBack(planned);
    }

    @Override
    public void onBroken(String what) {
        if (!link.isLenient()) {
            ledger.violated((what.startsWith("I5: ") ? "" : "I2: ") + what + ", on #" + end.number());
        }
        link.close();
        onOver();
    }

    // ---- ends ------------------------------------------------------------------------------------------------------

    /** Nothing more comes of this call. */
    private void finish(Http2Call call) {
        if (call.isFinished) {
            return;
        }
        call.isFinished = true;
        active--;
        if (active > 0 || isDraining) {
            sendMore();
        } else if (client.leftCount() > 0 && style.pauseMaxNs() > 0) {
            isPausing = true;
            link.later(chance.between(0L, style.pauseMaxNs()), () -> {
                isPausing = false;
                sendMore();
            });
        } else if (client.leftCount() > 0) {
            link.later(0, this::sendMore);
        } else if (!isLeaving) {
            isLeaving = true;
            link.later(0, this::onAllAnswered);
        }
    }

    private void onAllAnswered() {
        if (client.leftCount() > 0) {
            isLeaving = false;
            sendMore(); // One was refused.
        } else if (link.isLenient() || !link.ping(this::checkCredit)) {
            leave();
        } else {
            link.pump();
        }
    }

    /** No stream is open, and all that the proxy had to say of it has come: its window is whole again, but for what it keeps back. */
    private void checkCredit() {
        Http2Windows windows = link.windows();
        long missing = windows.missingBytes();
        Http2Call refilled = refill;
        boolean isRefilled = refilled != null && refilled.flow.hasEnded;
        check(
                missing >= 0 && missing < windows.half() && (!isRefilled || missing == 0),
                "I5: credit is lost: ",
                missing);
        long left = windows.half() - missing;
        if (refilled != null || isDraining || !client.planRefill(left)) {
            leave();
            return;
        }
        isLeaving = false;
        if (mayBegin()) {
            int id = nextId;
            begin(client.takeNext());
            Http2Call begun = calls.get(id);
            refill = begun;
            if (begun != null) {
                begun.flow.isPlain = true;
            }
        }
        sendMore();
    }

    /** All is answered: leaves in one of several ways. */
    private void leave() {
        switch (chance.nextInt(4)) {
            case 0 -> {
                link.close();
                onOver();
            }
            case 1 -> link.then(end::shutdownOutput); // The proxy's end follows.
            case 2 -> link.queue(Frames.goAway(0, Codes.NO_ERROR));
            default -> {} // The proxy closes what is idle.
        }
        link.pump();
    }

    @Override
    public void onOver() {
        for (Http2Call call : calls.values()) {
            TunnelEnd broken = call.tunnel;
            if (broken != null) {
                broken.onReset();
            }
        }
        List<Http2Call> unseen = calls.values().stream()
                .filter(call -> isUnseen(call) && !call.isReset)
                .toList();
        unseen.reversed().forEach(this::sendAgain);
        client.connectionEnded();
    }

    @Override
    public String toString() {
        List<Http2Call> open =
                calls.values().stream().filter(call -> !call.isFinished).toList();
        return "open " + open + (isDraining ? ", draining" : "") + (isLeaving ? ", leaving" : "");
    }
}
