package dev.headgate.testkit.sim;

import static dev.headgate.testkit.sim.BrokenRule.check;

import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.Frame;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.peer.Field;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One connection of an origin that speaks HTTP/2: answers requests side by side, mostly as it should. */
final class SimHttp2Origin implements OriginConnection, Http2Role {
    private static final int FLOOD = 200;
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final Ledger ledger;
    private final SimOriginHost host;
    private final PeerEnd end;
    private final SimChance chance;
    private final Http2Manner connectionManner;
    private final Http2Offer offer;
    private final Http2RequestWatch requests;
    private final Http2Link link;
    private final Http2Answers answers;
    private final Http2Grants grants;
    private final Map<Integer, Http2Answer> calls = new TreeMap<>();
    private int lastId;
    private int goAwayLast = NO_LIMIT;
    private boolean hasSaidGoAway;
    private boolean isGoingAway;
    private boolean isCorrupt;
    private boolean isGone;

    SimHttp2Origin(
            Ledger ledger, SimOriginHost host, PeerEnd end, SimChance chance, Http2Limits limits, Http2Offer offer) {
        this.ledger = ledger;
        this.offer = offer;
        this.host = host;
        this.end = end;
        this.chance = chance;
        this.connectionManner = host.isRough() && chance.oneIn(4)
                ? Http2Manner.values()[chance.nextInt(Http2Manner.values().length)]
                : Http2Manner.PROPER;
        this.requests = new Http2RequestWatch(ledger, end, host.upstream());
        Http2Habits habits = Http2Habits.draw(chance, host.bodyMax(), host.isProper());
        this.link = new Http2Link(ledger, end, chance, connectionManner, habits, limits, requests.windows(), this);
        this.answers = new Http2Answers(chance, link.sections());
        this.grants = new Http2Grants(ledger.simulator(), link, answers, chance, this::rst);
    }

    void start() {
        end.tap(requests.windows());
        if (offer == Http2Offer.LATE) {
            link.later(chance.skewed(1_500_000_000), () -> {
                open();
                end.changed();
            });
        } else {
            open();
        }
    }

    private void open() {
        link.start("http2-origin", 0);
        boolean isOffered = offer == Http2Offer.AT_ONCE || offer == Http2Offer.LATE;
        link.sendOpening(chance.oneOf(-1, 1, 3, 100), isOffered);
        if (isOffered && host.isRough() && chance.oneIn(8)) {
            goAway(chance.oneOf(0, NO_LIMIT), Codes.NO_ERROR);
        }
        if (offer == Http2Offer.BEHIND_OTHERS) {
            link.later(chance.skewed(1_000_000_000), () -> {
                link.sendSettings(new Http2Settings(-1, -1, -1, -1, true));
                link.pump();
            });
        }
        int changes = chance.nextInt(2);
        for (int i = 0; i < changes; i++) {
            link.later(chance.skewed(2_000_000_000), () -> {
                link.sendSettings(
                        new Http2Settings(-1, -1, -1, chance.oneOf(host.isProper() ? 1 : 0, 1, 2, 50), false));
                link.pump();
            });
        }
        link.pump();
    }

    @Override
    public void checkPassing() {
        if (isGone || isCorrupt) {
            return;
        }
        for (Http2Answer call : calls.values()) {
            Planned planned = call.planned;
            Passage passage = planned == null ? null : planned.passage;
            if (planned == null
                    || passage == null
                    || call.isOver
                    || call.tunnel != null
                    || planned.isSpoiled
                    || !requests.isLast(planned, call.id)
                    || passage.isEndedByProxy()) {
                continue;
            }
            if (call.isBegun) {
                long read = call.flow.readBytes(end);
                ledger.onPassing("response", planned, read, passage.responseWrittenBytes() - call.clientMark);
            }
            ledger.onPassing("request", planned, passage.requestReadBytes(), requests.contentBytes(call.id));
        }
    }

    // ---- requests --------------------------------------------------------------------------------------------------

    private Http2Answer call(Frame frame) {
        Http2Answer call = calls.get(frame.streamId());
        if (call == null) {
            throw new BrokenRule("of an idle stream: " + frame);
        }
        return call;
    }

    @Override
    public void onFields(Frame last, List<Field> fields, boolean ends) {
        int id = last.streamId();
        if (!calls.containsKey(id)) {
            String target = Http2Fields.value(fields, ":path");
            check(target != null && id > lastId, "no request: ", last);
            lastId = id;
            onRequest(id, target == null ? "" : target, fields);
        }
        if (ends) {
            onRequestEnd(call(last));
        }
    }

    private void onRequest(int id, String target, List<Field> fields) {
        Planned planned = ledger.find(target);
        Http2Answer call = new Http2Answer(id, planned, drawnManner(planned));
        call.isForTunnel = Http2Fields.value(fields, ":protocol") != null;
        boolean expectsContinue = Http2Fields.value(fields, "expect") != null;
        calls.put(id, call);
        link.add(call.flow);
        requests.onReceived(id, call.flow);
        ledger.simulator().trace("manner", end.number(), id, call.manner + " " + target);
        if (planned != null && isCorrupt) {
            spoil(planned);
        }
        if (link.takePoison()) {
            poison(id);
        }
        if (id > goAwayLast || link.isPoisoned()) {
            over(call); // It is not looked at, or not believed any more.
            return;
        }
        boolean isRepeatable = planned != null && planned.bodyLength < 0; // Nothing of it is gone with the first time.
        if (planned != null && (isRepeatable || !host.isProper()) && host.requiresHttp1()) {
            requireHttp1(call, planned);
            link.creditLater();
            link.pump();
            return;
        }
        if (expectsContinue && call.manner == Http2Answer.Manner.PROPERLY && chance.nextInt(3) > 0) {
            link.queue(answers.interim(id, 100));
        }
        onManner(call);
        if (call.isForTunnel && call.awaitsEnd()) {
            later(call, () -> answer(call)); // Of a tunnel's request there is no end.
        }
        link.creditLater();
        link.pump();
    }

    /** Ends the connection by what breaks a rule, and goes on as if nothing were: of that nothing may be believed. */
    private void poison(int id) {
        link.queue(answers.poison(id));
        calls.values().stream()
                .filter(call -> !call.isBegun && !call.isOver)
                .forEach(call -> link.queue(answers.toNobody(call.id)));
    }

    private Http2Answer.Manner drawnManner(@Nullable Planned planned) {
        if (host.isStormy()) {
            return chance.oneIn(16) ? Http2Answer.Manner.PROPERLY : Http2Answer.Manner.RESET_AT_ONCE;
        }
        Http2Answer.Manner[] all = Http2Answer.Manner.values();
        boolean isRough = planned != null && host.isRough() && chance.oneIn(3);
        return isRough ? all[chance.nextInt(all.length)] : Http2Answer.Manner.PROPERLY;
    }

    private void onManner(Http2Answer call) {
        switch (call.manner) {
            case EARLY, EARLY_AND_NO_MORE, MALFORMED -> later(call, () -> answer(call));
            case REFUSED -> later(call, () -> refuse(call));
            case RESET_AT_ONCE ->
                later(call, () -> rst(call, chance.oneOf(Codes.CANCEL, Codes.INTERNAL_ERROR, Codes.PROTOCOL_ERROR)));
            case GOING_AWAY -> goAway(call.id, Codes.NO_ERROR);
            case GOING_AWAY_IN_STEPS -> {
                goAway(NO_LIMIT, Codes.NO_ERROR);
                link.later(host.thinkingNs(chance), () -> goAway(lastId, Codes.NO_ERROR));
            }
            case GIVING_UP_LATER_ONES ->
                later(
                        call,
                        () -> goAway(
                                chance.nextInt(2) == 0 ? call.id : Math.max(0, call.id - 2),
                                chance.oneOf(Codes.NO_ERROR, Codes.ENHANCE_YOUR_CALM, Codes.INTERNAL_ERROR)));
            default -> {}
        }
    }

    private void onRequestEnd(Http2Answer call) {
        call.flow.isReceiving = false;
        if (call.tunnel != null) {
            grants.tell(call, TunnelEnd::onEnd);
            settleTunnel(call);
        } else if (call.awaitsEnd()) {
            later(call, () -> answer(call));
        }
    }

    private void later(Http2Answer call, Runnable action) {
        link.later(host.thinkingNs(chance), () -> {
            if (!call.isOver && !link.isMute() && !link.isPoisoned()) {
                action.run();
                link.pump();
            }
        });
    }

    private void refuse(Http2Answer call) {
        if (call.isBegun) {
            return;
        }
        requests.refuse(call.id, queueReset(call, Codes.REFUSED_STREAM));
        over(call);
    }

    /** Has not looked at it, and would do so if it came by HTTP/1.1 (RFC 9113 §7). */
    private void requireHttp1(Http2Answer call, Planned planned) {
        planned.isForHttp1 = true;
        boolean isForAll = !host.isProper() && chance.nextInt(3) == 0;
        if (isForAll && goAway(Math.max(0, call.id - 2), Codes.HTTP_1_1_REQUIRED)) {
            expectHttp1(call, link.queuedBytes());
            return;
        }
        long position = queueReset(call, Codes.HTTP_1_1_REQUIRED);
        requests.refuse(call.id, position);
        expectHttp1(call, position);
        over(call);
    }

    private void expectHttp1(Http2Answer call, long position) {
        if (!isCorrupt) { // Else it may be the code that is another.
            requests.requireHttp1(call.id, position);
        }
    }

    private void rst(Http2Answer call, int code) {
        queueReset(call, code);
        over(call);
    }

    /** Answers where the frame ends in all that is sent. */
    private long queueReset(Http2Answer call, int code) {
        link.queue(Frames.rst(call.id, code));
        long position = link.queuedBytes();
        requests.onOriginReset(call.id, position);
        if (chance.nextInt(2) == 0) {
            link.ping(() -> requests.becomeQuiet(call.id));
        }
        return position;
    }

    /** Takes no request above {@code last}, and forgets those there are. Answers whether it has said so. */
    private boolean goAway(int last, int code) {
        boolean isNews = last < goAwayLast || !hasSaidGoAway;
        if (!isNews || calls.values().stream().anyMatch(one -> one.id > last && one.isBegun) || link.isMute()) {
            return false;
        }
        hasSaidGoAway = true;
        goAwayLast = last;
        isGoingAway = last < NO_LIMIT;
        link.queue(Frames.goAway(last, code));
        requests.refuseAbove(last, link.queuedBytes());
        if (!isCorrupt) { // Else it may be GOAWAY that is something else.
            link.ping(requests::closeToRequests);
        }
        calls.values().stream().filter(one -> one.id > last).forEach(this::forget);
        leaveIfAllOver();
        link.pump();
        return true;
    }

    private void forget(Http2Answer call) {
        call.isOver = true;
        call.flow.stop();
    }

    // ---- answers ---------------------------------------------------------------------------------------------------

    private void answer(Http2Answer call) {
        Planned planned = call.planned;
        if (call.isBegun) {
            return;
        }
        call.isBegun = true;
        if (planned == null) {
            link.queue(answers.notFound(call.id));
            call.flow.endPosition = link.queuedBytes();
            ended(call);
            return;
        }
        // Where it announces less than it sends, the client may have a whole answer before anybody can tell.
        planned.isAnswerSpoiled |= call.manner == Http2Answer.Manner.LONG;
        Passage passage = planned.passage;
        call.clientMark = passage == null ? 0 : passage.responseWrittenBytes();
        int interims = call.manner == Http2Answer.Manner.INTERIM_FLOOD ? FLOOD : planned.interims;
        for (int i = 0; i < interims; i++) {
            link.queue(answers.interim(call.id, 103));
        }
        PlannedTunnel asked = call.isForTunnel ? planned.tunnel : null;
        boolean isUnproven = asked != null && asked.welcome == PlannedTunnel.Welcome.UNPROVEN && call.mayGrant();
        if (call.manner == Http2Answer.Manner.MALFORMED || isUnproven) {
            link.queue(answers.malformed(call.id));
            forget(call);
            return;
        }
        boolean isSuccess = planned.status / 100 == 2; // which would be a grant
        if (asked != null && call.mayGrant() && (isSuccess || asked.welcome == PlannedTunnel.Welcome.GRANTED)) {
            grants.grant(call, planned, asked);
            return;
        }
        if (asked != null && isSuccess) {
            rst(call, Codes.INTERNAL_ERROR);
            return;
        }
        boolean hasContent = planned.hasAnswerContent();
        boolean isBare = !hasContent || planned.contentLength == 0 && !planned.hasTrailers && chance.nextInt(2) == 0;
        link.queue(answers.head(planned, call.id, call.saidLength(), isBare && !call.isCut()));
        if (isBare && !call.isCut()) {
            call.flow.endPosition = link.queuedBytes();
            ended(call);
        } else {
            call.begin(hasContent ? chance : null);
            afterSending(call);
            link.sendContent();
        }
    }

    private void settleTunnel(Http2Answer call) {
        if (call.flow.hasEnded && !call.flow.isReceiving && !call.isOver) {
            over(call);
        }
    }

    @Override
    public void onRoom() {
        link.sendContent();
    }

    @Override
    public void onSent(Http2Flow flow) {
        Http2Answer call = calls.get(flow.id);
        if (call == null || call.isOver) {
            return;
        }
        if (call.tunnel == null) {
            afterSending(call);
        } else {
            call.onSent();
            settleTunnel(call);
        }
    }

    private void afterSending(Http2Answer call) {
        if (call.flow.hasEnded) {
            ended(call);
            return;
        }
        if (!call.flow.isCut || call.flow.unsentBytes() > 0) {
            return;
        }
        switch (call.manner) {
            case RESET -> rst(call, chance.oneOf(Codes.CANCEL, Codes.INTERNAL_ERROR, Codes.NO_ERROR));
            case CUTTING -> link.then(this::resetNow);
            default -> forget(call); // It stalls.
        }
    }

    /** The answer is sent whole. */
    private void ended(Http2Answer call) {
        if (call.manner == Http2Answer.Manner.EARLY_AND_NO_MORE && call.flow.isReceiving) {
            queueReset(call, Codes.NO_ERROR);
        }
        over(call);
    }

    /** Nothing more is sent for this one. */
    private void over(Http2Answer call) {
        call.isOver = true;
        boolean isReset = call.flow.isReceiving;
        call.flow.hasEnded = true;
        call.flow.isReceiving = isReset && call.isBegun && call.manner == Http2Answer.Manner.EARLY;
        leaveIfAllOver();
        if (!isGoingAway && chance.oneIn(4) && calls.values().stream().allMatch(one -> one.isOver)) {
            int lastSeen = lastId;
            link.ping(() -> checkCredit(lastSeen));
        }
    }

    /**
     * No request has come behind {@code lastSeen}, and all that the proxy had to say of those there were has come: it keeps back less than half of
     * its window.
     */
    private void checkCredit(int lastSeen) {
        if (lastId == lastSeen && !link.isLenient()) {
            long missing = link.windows().missingBytes();
            check(missing >= 0 && missing < link.windows().half(), "I5: credit is lost: ", missing);
        }
    }

    private void leaveIfAllOver() {
        if (isGoingAway && calls.values().stream().allMatch(one -> one.isOver)) {
            link.then(() -> link.later(chance.between(0L, 5_000_000L), this::leave));
        }
    }

    // ---- what comes ------------------------------------------------------------------------------------------------

    @Override
    public Http2Flow flowOf(Frame frame) {
        return call(frame).flow;
    }

    @Override
    public void onData(Frame frame) {
        Http2Answer call = call(frame);
        byte[] content = frame.content();
        grants.tell(call, tunnel -> tunnel.onBytes(content, content.length));
        if (frame.has(Frames.END_STREAM)) {
            onRequestEnd(call);
        }
    }

    @Override
    public void onRstStream(Frame frame) {
        Http2Answer call = call(frame);
        grants.tell(call, TunnelEnd::onReset);
        forget(call);
        leaveIfAllOver();
    }

    @Override
    public @Nullable Http2Flow onStreamCredit(Frame frame) {
        return call(frame).flow;
    }

    @Override
    public void onGoAway(Frame frame) {
        boolean isOrderly = frame.errorCode() == Codes.NO_ERROR || frame.errorCode() == Codes.SETTINGS_TIMEOUT;
        boolean isBlamed = connectionManner != Http2Manner.PROPER || !host.isProper();
        check(isOrderly || isBlamed, "accused: ", frame);
    }

    @Override
    public void onSettings(int streams) {
        link.sendContent();
    }

    @Override
    public boolean onSpoiling(byte[] bytes) {
        if (bytes.length < Frames.settingsAck().length || bytes[3] == Frames.SETTINGS) {
            return false; // Nobody could tell what the proxy knows.
        }
        isCorrupt = true;
        requests.windows().becomeBlind();
        for (Http2Answer call : calls.values()) {
            Planned planned = call.planned;
            if (planned != null && !call.isOver) {
                spoil(planned);
            }
        }
        return true;
    }

    private static void spoil(Planned planned) {
        planned.isAnswerSpoiled = true;
        planned.isRepeatable = true;
    }

    @Override
    public void onMisbehaved(Http2Manner done) {
        if (link.isOver()) {
            onOver();
        }
    }

    @Override
    public void onBroken(String what) {
        if (!link.isLenient()) {
            ledger.violated((what.startsWith("I5: ") ? "" : "I2: ") + what + ", at an origin, on #" + end.number());
        }
        leave();
    }

    // ---- ends ------------------------------------------------------------------------------------------------------

    private void leave() {
        link.close();
        onOver();
    }

    @Override
    public void onOver() {
        if (!isGone) {
            isGone = true;
            calls.values().forEach(call -> grants.tell(call, TunnelEnd::onReset));
            host.onGone(this);
        }
    }

    @Override
    public void resetNow() {
        link.reset();
        onOver();
    }
}
