package dev.headgate.testkit.sim;

import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.FieldBlockReader;
import dev.headgate.testkit.h2.Frame;
import dev.headgate.testkit.h2.FrameCutter;
import dev.headgate.testkit.h2.Frames;
import java.io.ByteArrayOutputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One client that speaks HTTP/2 from the first byte on: sends its requests side by side over one connection after the other, and checks every
 * frame and every byte of each answer. It shares no code with the proxy's.
 */
public final class SimHttp2Client implements TrafficSource, PeerEnd.Peer, SimIo.Connected {
    /** How it behaves on its connections. */
    enum Manner {
        PROPER,
        /** Gives no credit. */
        WITHHOLDING,
        /** Acknowledges nothing. */
        IGNORING,
        /** Ends its side behind its last request, without which it can take no answer. */
        HALF_CLOSING,
        /** Ends its side anywhere. */
        ENDING,
        /** Closes anywhere. */
        CLOSING,
        /** Resets the connection anywhere. */
        RESETTING,
        /** Stops sending anywhere. */
        SILENT,
        /** Stops reading anywhere. */
        NOT_READING,
        /** Changes a bit of what it sends. */
        CORRUPT,
        /** Sends what ends the connection, and then requests as they should be. */
        POISONOUS
    }

    /** Codes of GOAWAY that a client which breaks no rule can meet, as it is slow. */
    private static final Set<Integer> CODES_FOR_SLOW =
            Set.of(Codes.NO_ERROR, Codes.PROTOCOL_ERROR, Codes.SETTINGS_TIMEOUT, Codes.ENHANCE_YOUR_CALM);

    private static final Set<Integer> RESET_CODES =
            Set.of(Codes.NO_ERROR, Codes.INTERNAL_ERROR, Codes.CANCEL, Codes.REFUSED_STREAM, Codes.ENHANCE_YOUR_CALM);

    private static final int RECONNECTS_MAX = 4;
    private static final int PINGS_MAX = 20;
    private static final int FRAME_BYTES_MIN = 1 << 14;
    private static final long CONTINUE_WAIT_NS = 1_500_000_000L;

    private final SimIo io;
    private final Ledger ledger;
    private final SimChance chance;
    private final SocketAddress from;
    private final SocketAddress to;
    private final Limits limits;
    private final int number;
    private final int bodyMax;
    private final int upstreams;
    private final Manner manner;
    private final int depth;
    private final boolean waitsForSettings;
    private final Outbox.Pace sendPace;
    private final Outbox.Pace readPace;
    private final int pieceBytesMax;
    private final long creditDelayMaxNs;
    private final int connectionTarget;
    private final int streamTarget;
    private final long pauseMaxNs;
    private final int resetsOneIn;
    private final ArrayDeque<Planned> todo = new ArrayDeque<>();
    private int requests;
    private int connects;
    private boolean isDone;

    // Of the connection.
    private @Nullable PeerEnd end;
    private Outbox out;
    private long queuedBytes;
    private FrameCutter cutter;
    private FieldBlockReader blocks;
    private Http2Requests frames;
    private Http2Watch watch;
    private Http2Windows windows;
    private final Map<Integer, Http2Call> calls = new TreeMap<>(); // all that there have been
    private final ArrayDeque<Settings> unacknowledged = new ArrayDeque<>();
    private final ArrayDeque<Ping> pings = new ArrayDeque<>();
    private int nextId;
    private int active;
    private int pingCount;
    private int frameBytesMax; // of the proxy's frames
    private int proxyFrameBytesMax;
    private int proxyStreamsMax;
    private boolean isSettingsSeen;
    private long goAwayLast; // −1 for none
    private boolean isDraining;
    private @Nullable ByteArrayOutputStream openBlock;
    private int openBlockStream;
    private boolean openBlockEnds;
    private boolean isContentQueued;
    private boolean isCreditDue;
    private boolean isReadPausing;
    private boolean isPausing;
    private boolean isDeaf;
    private boolean isMute;
    private boolean isMisbehaviourDue;
    private boolean isPoisoned;
    private boolean isLeaving;
    private @Nullable Http2Call refill; // sends what brings all credit back

    /**
     * What the proxy is told of HTTP/2.
     *
     * @param streamWindow of a stream
     * @param connectionWindow of a connection
     */
    public record Limits(int streamWindow, int connectionWindow) {}

    /** Settings that the proxy has yet to acknowledge. */
    private record Settings(int tableBytes, int frameBytes) {}

    /** A ping under way, and what follows from its answer. */
    private record Ping(long opaque, Runnable action) {}

    @SuppressWarnings("NullAway.Init") // Set with every connection.
    public SimHttp2Client(
            SimIo io,
            Ledger ledger,
            int number,
            SocketAddress from,
            SocketAddress to,
            SimClient.Traffic traffic,
            Limits limits) {
        this.io = io;
        this.ledger = ledger;
        this.chance = io.simulator().chance().fork();
        this.number = number;
        this.from = from;
        this.to = to;
        this.limits = limits;
        this.bodyMax = traffic.bodyMax();
        this.upstreams = traffic.upstreams();
        this.manner = traffic.isRough() && chance.nextInt(2) == 0
                ? Manner.values()[chance.nextInt(Manner.values().length)]
                : Manner.PROPER;
        this.depth = chance.oneOf(1, 2, 4, 100);
        this.waitsForSettings = chance.nextInt(2) == 0;
        this.sendPace = traffic.isFair() ? Outbox.Pace.FULL : Outbox.Pace.draw(chance, bodyMax);
        this.readPace = Outbox.Pace.draw(chance, bodyMax);
        this.pieceBytesMax = Math.max(1 + bodyMax / 100, chance.oneOf(100, 3_000, 1 << 16));
        this.creditDelayMaxNs = chance.oneOf(0L, 0L, 10_000_000L, 500_000_000L);
        this.connectionTarget = chance.oneOf(65_535, 65_535, 200_000, 1 << 24);
        this.streamTarget = Math.max(1 + bodyMax / 30, chance.oneOf(1, 1_000, 16_384, 65_535, 1 << 20));
        this.pauseMaxNs = chance.oneOf(0L, 10_000_000L, 4_000_000_000L);
        this.resetsOneIn = chance.oneOf(0, 3, 8);
        int count = chance.between(1, 2 * traffic.requestsMax());
        for (int i = 0; i < count; i++) {
            plan(Planned.http2(number, i, chance.nextInt(upstreams), chance.nextLong(), chance.fork(), bodyMax));
        }
        if (manner == Manner.CORRUPT) {
            ledger.expectSpoilers();
        }
    }

    private void plan(Planned planned) {
        planned.isSpoiled = manner == Manner.CORRUPT;
        requests++;
        ledger.add(planned);
        todo.add(planned);
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
        List<Http2Call> open =
                calls.values().stream().filter(call -> !call.isFinished).toList();
        return "HTTP/2 client at %s: %s, %s left, open %s%s%s"
                .formatted(
                        from, manner, todo.size(), open, isDraining ? ", draining" : "", isLeaving ? ", leaving" : "");
    }

    // ---- connections -----------------------------------------------------------------------------------------------

    private void connect() {
        if (todo.isEmpty() || connects > RECONNECTS_MAX + requests) {
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
        todo.poll(); // Given up: a proxy that does not listen may never do so again.
        connectLater();
    }

    @Override
    public void onConnected(PeerEnd opened) {
        end = opened;
        out = new Outbox(io.simulator(), opened, sendPace, chance);
        queuedBytes = 0;
        cutter = new FrameCutter(this::onFrame);
        blocks = new FieldBlockReader();
        frames = new Http2Requests(chance);
        watch = new Http2Watch(ledger, opened);
        windows = new Http2Windows(limits.connectionWindow(), limits.streamWindow());
        calls.clear();
        unacknowledged.clear();
        pings.clear();
        nextId = 1;
        active = 0;
        pingCount = 0;
        frameBytesMax = FRAME_BYTES_MIN;
        proxyFrameBytesMax = FRAME_BYTES_MIN;
        proxyStreamsMax = Integer.MAX_VALUE;
        isSettingsSeen = false;
        goAwayLast = -1;
        isDraining = false;
        openBlock = null;
        isContentQueued = false;
        isCreditDue = false;
        isReadPausing = false;
        isPausing = false;
        isDeaf = false;
        isMute = false;
        isPoisoned = false;
        isLeaving = false;
        refill = null;
        isMisbehaviourDue = manner.ordinal() >= Manner.ENDING.ordinal();
        io.simulator().trace("http2-client", opened.number(), todo.size(), manner.toString());
        if (isMisbehaviourDue && manner != Manner.CORRUPT && manner != Manner.POISONOUS) {
            later(chance.between(0L, chance.oneOf(1_000_000L, 50_000_000L, 2_000_000_000L)), this::misbehave);
        }
        if (manner != Manner.CORRUPT) {
            opened.tap(watch); // What it says of its windows may be changed.
        }
        opened.owner(this);
        sendOpening();
        sendMore();
        opened.changed();
    }

    /** Does {@code action} unless the connection has come to an end meanwhile. */
    private void later(long delayNs, Runnable action) {
        PeerEnd opened = end;
        io.simulator().after(delayNs, () -> {
            if (end == opened) {
                action.run();
            }
        });
    }

    private void misbehave() {
        PeerEnd opened = end;
        if (opened == null) {
            return;
        }
        switch (manner) {
            case ENDING -> {
                out.clear();
                isMute = true;
                todo.clear();
                opened.shutdownOutput();
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
                isMute = true;
                todo.clear();
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
        List<Http2Call> unseen = calls.values().stream()
                .filter(call -> isUnseen(call) && !call.isReset)
                .toList();
        unseen.reversed().forEach(this::sendAgain);
        if (!isDone) {
            connectLater();
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
        todo.addFirst(planned);
    }

    // ---- sending ---------------------------------------------------------------------------------------------------

    private void queue(byte[] bytes) {
        if (isMute) {
            return;
        }
        if (manner == Manner.CORRUPT && isMisbehaviourDue && chance.oneIn(6)) {
            isMisbehaviourDue = false;
            bytes[chance.nextInt(bytes.length)] ^= (byte) (1 << chance.nextInt(8));
        }
        out.add(bytes);
        queuedBytes += bytes.length;
    }

    private void sendOpening() {
        queue(Frames.preface());
        int initial = chance.nextInt(2) == 0 ? -1 : drawInitial();
        int tableBytes = chance.oneOf(-1, -1, 0, 100, 4_096, 1 << 16);
        int frameBytes = chance.oneOf(-1, -1, FRAME_BYTES_MIN, 1 << 16);
        sendSettings(initial, tableBytes, frameBytes);
        sendConnectionCredit();
        int changes = chance.nextInt(3);
        for (int i = 0; i < changes; i++) {
            later(chance.skewed(2_000_000_000), () -> {
                sendSettings(drawInitial(), chance.oneOf(-1, -1, 0, 4_096), -1);
                creditLater();
                out.pump();
            });
        }
    }

    private int drawInitial() {
        return chance.oneOf(0, 1, chance.skewed(100_000), 65_535, 1 << 20);
    }

    private void sendSettings(int initial, int tableBytes, int frameBytes) {
        if (isMute) {
            return;
        }
        var entries = new ArrayList<Integer>();
        if (tableBytes >= 0) {
            entries.addAll(List.of(Frames.HEADER_TABLE_SIZE, tableBytes));
        }
        if (initial >= 0) {
            entries.addAll(List.of(Frames.INITIAL_WINDOW_SIZE, initial));
            windows.initial(initial);
        }
        if (frameBytes >= 0) {
            entries.addAll(List.of(Frames.MAX_FRAME_SIZE, frameBytes));
        }
        if (chance.nextInt(2) == 0) {
            entries.addAll(List.of(Frames.ENABLE_PUSH, 0));
        }
        watch.settings(initial);
        unacknowledged.add(new Settings(tableBytes, frameBytes));
        queue(Frames.settings(entries.stream().mapToInt(Integer::intValue).toArray()));
    }

    private boolean isLenient() {
        return manner == Manner.CORRUPT || isPoisoned;
    }

    private void sendMore() {
        PeerEnd opened = end;
        if (opened == null || isPausing || isMute) {
            return;
        }
        while (mayBegin(opened)) {
            begin(todo.remove(), opened);
            if (manner == Manner.HALF_CLOSING && todo.isEmpty()) {
                out.then(opened::shutdownOutput);
            }
        }
        sendContent();
        out.pump();
    }

    private boolean mayBegin(PeerEnd opened) {
        return !todo.isEmpty()
                && !isDraining
                && active < Math.min(depth, proxyStreamsMax)
                && (isSettingsSeen || !waitsForSettings)
                && opened.isWritable();
    }

    private void begin(Planned planned, PeerEnd opened) {
        if (manner == Manner.POISONOUS && isMisbehaviourDue && chance.nextInt(2) == 0) {
            isMisbehaviourDue = false;
            isPoisoned = true;
            queue(frames.poison(takeId()));
        }
        planned.isForbidden = isPoisoned;
        if (chance.oneIn(5)) {
            queue(frames.idle(nextId));
        }
        Http2Call call = new Http2Call(planned, takeId(), opened, watch);
        calls.put(call.id, call);
        active++;
        planned.passage = call;
        call.hasTrailers = planned.bodyLength >= 0 && chance.oneIn(5);
        boolean isWhole =
                planned.bodyLength < 0 || planned.bodyLength == 0 && !call.hasTrailers && chance.nextInt(2) == 0;
        call.hasEnded = isWhole;
        out.then(() -> {
            planned.isSent = true;
            io.simulator().trace("request", opened.number(), call.id, planned.toString());
        });
        queue(frames.head(planned, call.id, isWhole));
        if (call.isWithheld) {
            out.then(() -> later(CONTINUE_WAIT_NS, () -> sendWithheld(call)));
        }
        creditLater();
        if (chance.oneIn(resetsOneIn)) {
            later(chance.skewed(chance.oneOf(1_000_000, 100_000_000, 2_000_000_000)), () -> reset(call));
        }
        if (chance.oneIn(8)) {
            ping(() -> {});
        }
    }

    private int takeId() {
        int id = nextId;
        nextId += 2 * (chance.oneIn(5) ? chance.between(1, 20) : 1);
        return id;
    }

    private void sendWithheld(Http2Call call) {
        if (call.isWithheld) {
            call.isWithheld = false;
            sendMore();
        }
    }

    private void reset(Http2Call call) {
        if (call.isOver() || isMute || isLenient()) {
            return;
        }
        call.isReset = true;
        call.planned.isAbandoned = true;
        queue(Frames.rst(call.id, chance.oneOf(Codes.CANCEL, Codes.NO_ERROR, Codes.INTERNAL_ERROR)));
        io.simulator().trace("rst-stream", number(), call.id);
        if (chance.nextInt(2) == 0) {
            ping(call::becomeQuiet);
        }
        finish(call);
        out.pump();
    }

    private void ping(Runnable action) {
        if (pingCount < PINGS_MAX && !isMute) {
            pingCount++;
            long opaque = chance.nextLong();
            pings.add(new Ping(opaque, action));
            queue(Frames.ping(opaque));
        }
    }

    /** Queues one frame of content, of any stream that has some and may send it; the next when that one is written. */
    private void sendContent() {
        if (isContentQueued || isMute || end == null) {
            return;
        }
        List<Http2Call> ready = calls.values().stream()
                .filter(call -> call.wantsToSend() && (call.unsentBytes() == 0 || windows.sendable(call.balance) > 0))
                .toList();
        if (ready.isEmpty()) {
            return;
        }
        Http2Call call = ready.get(chance.nextInt(ready.size()));
        if (call.unsentBytes() == 0 && call.hasTrailers) {
            call.hasEnded = true;
            queue(frames.trailers(call.id));
        } else {
            sendData(call);
        }
        isContentQueued = true;
        out.then(() -> {
            isContentQueued = false;
            onSent(call);
            sendContent();
        });
    }

    private void sendData(Http2Call call) {
        boolean isPlain = call == refill;
        int padding = !isPlain && chance.oneIn(6) ? chance.nextInt(256) : -1;
        long room = Math.min(windows.sendable(call.balance), proxyFrameBytesMax);
        if (room <= padding + 1 || call.unsentBytes() == 0) {
            padding = -1;
        }
        int most = (int) Math.min(call.unsentBytes(), room - padding - 1);
        int length = Math.min(most, chance.between(1, pieceBytesMax));
        if (!isPlain && length > 0 && chance.oneIn(20)) {
            length = 0;
        }
        length = Math.max(0, length);
        boolean ends = length == call.unsentBytes() && !call.hasTrailers && (length == 0 || !chance.oneIn(4));
        byte[] frame = Http2Requests.data(call.planned, call.id, call.sentBytes, length, padding, ends);
        call.hasEnded = ends;
        windows.sent(call.balance, length + padding + 1);
        io.simulator().trace("send-data", call.id, length + padding + 1);
        queue(frame);
        call.sending(length, queuedBytes);
    }

    /** A call whose answer came first is over once its content is sent. */
    private void onSent(Http2Call call) {
        if (call.isOver()) {
            finish(call);
        }
    }

    // ---- credit ----------------------------------------------------------------------------------------------------

    private void creditLater() {
        if (isCreditDue || manner == Manner.WITHHOLDING || isMute) {
            return;
        }
        isCreditDue = true;
        later(creditDelayMaxNs == 0 ? 0 : chance.between(0L, creditDelayMaxNs), () -> {
            isCreditDue = false;
            giveCredit();
            out.pump();
        });
    }

    private void sendConnectionCredit() {
        int bytes = windows.connectionCredit(connectionTarget);
        if (bytes > 0 && !isMute) {
            queue(Frames.windowUpdate(0, bytes));
            watch.credit(queuedBytes, 0, bytes);
        }
    }

    private void giveCredit() {
        if (isMute) {
            return;
        }
        sendConnectionCredit();
        for (Http2Call call : calls.values()) {
            int bytes = call.isOver() || call.isAnswered() ? 0 : windows.credit(call.balance, streamTarget);
            if (bytes > 0) {
                queue(Frames.windowUpdate(call.id, bytes));
                watch.credit(queuedBytes, call.id, bytes);
            }
        }
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
            cutter.feed(ByteBuffer.wrap(bytes));
        } catch (Http2Call.BrokenRule | IndexOutOfBoundsException | AssertionError e) {
            onBroken(opened, String.valueOf(e.getMessage()));
        }
        if (end != opened) {
            return;
        }
        out.pump();
        long pauseNs = readPace.pauseNs(chance);
        if (pauseNs > 0) {
            isReadPausing = true;
            later(pauseNs, () -> {
                isReadPausing = false;
                onReady();
            });
        } else if (opened.readableBytes() > 0) {
            onReady();
        }
    }

    private void onBroken(PeerEnd opened, String what) {
        if (!isLenient()) {
            ledger.violated((what.startsWith("I5: ") ? "" : "I2: ") + what + ", on #" + opened.number());
        }
        opened.close();
        connectionEnded();
    }

    private void onFrame(Frame frame) {
        PeerEnd opened = end;
        if (opened == null) {
            return;
        }
        boolean isContent = frame.is(Frames.DATA) || frame.is(Frames.WINDOW_UPDATE);
        if (isContent) {
            io.simulator().trace(frame.is(Frames.DATA) ? "data" : "credit", opened.number(), frame.streamId());
        } else {
            io.simulator().trace("frame", opened.number(), frame.streamId(), frame.toString());
        }
        check(frame.length() <= frameBytesMax, "longer than " + frameBytesMax + ": ", frame);
        check(isSettingsSeen || frame.is(Frames.SETTINGS) && !frame.has(Frames.ACK), "before settings: ", frame);
        check((openBlock != null) == frame.is(Frames.CONTINUATION), "within a field block, or without: ", frame);
        check(openBlock == null || frame.streamId() == openBlockStream, "within a field block: ", frame);
        switch (frame.type()) {
            case Frames.DATA -> onData(frame);
            case Frames.HEADERS -> {
                openBlock = new ByteArrayOutputStream();
                openBlockStream = frame.streamId();
                openBlockEnds = frame.has(Frames.END_STREAM);
                onFragment(openBlock, frame.content(), frame);
            }
            case Frames.CONTINUATION -> {
                if (openBlock != null) {
                    onFragment(openBlock, frame.payload(), frame);
                }
            }
            case Frames.RST_STREAM -> onRstStream(frame);
            case Frames.SETTINGS -> onSettings(frame);
            case Frames.PING -> onPing(frame);
            case Frames.GOAWAY -> onGoAway(frame);
            case Frames.WINDOW_UPDATE -> onWindowUpdate(frame);
            default -> throw new Http2Call.BrokenRule("no frame of a server's: " + frame);
        }
    }

    private static void check(boolean holds, String otherwise, Object of) {
        if (!holds) {
            throw new Http2Call.BrokenRule(otherwise + of);
        }
    }

    private Http2Call call(Frame frame) {
        Http2Call call = calls.get(frame.streamId());
        check(call != null, "of a stream that was not opened: ", frame);
        if (call == null) {
            throw new AssertionError();
        }
        check(goAwayLast < 0 || call.id <= goAwayLast, "of a stream that was said to be unseen: ", frame);
        return call;
    }

    private void onFragment(ByteArrayOutputStream block, byte[] fragment, Frame frame) {
        Http2Call call = call(frame);
        block.writeBytes(fragment);
        if (!frame.has(Frames.END_HEADERS)) {
            return;
        }
        openBlock = null;
        boolean wasBegun = call.status() != 0;
        int interim = call.onFields(blocks.read(block.toByteArray()), openBlockEnds);
        if (interim == 100) {
            sendWithheld(call);
        }
        if (call.isReset) {
            return;
        }
        if (!wasBegun && call.status() != 0) {
            checkHead(call);
        }
        if (call.isAnswered()) {
            onAnswered(call);
        }
    }

    private void checkHead(Http2Call call) {
        Planned planned = call.planned;
        io.simulator().trace("response", number(), call.status(), planned.toString());
        boolean isSpoiled = planned.isSpoiled || planned.isAnswerSpoiled;
        if (isSpoiled) {
            return;
        }
        if (!call.isTagged()) {
            check(call.status() >= 400, "untagged: ", call);
        } else {
            check(call.isTaggedWith(planned.target), "of another request: ", call);
            check(call.status() == planned.status, "origin says " + planned.status + ": ", call);
        }
    }

    private void onData(Frame frame) {
        Http2Call call = call(frame);
        windows.received(call.balance, frame.length());
        Planned planned = call.planned;
        call.onData(
                frame.content(),
                frame.has(Frames.END_STREAM),
                !call.isReset && !planned.isSpoiled && !planned.isAnswerSpoiled);
        if (call.isAnswered() && !call.isReset) {
            onAnswered(call);
        }
        creditLater();
    }

    private void onAnswered(Http2Call call) {
        Planned planned = call.planned;
        if (call.isTagged() && !planned.isSpoiled && !planned.isAnswerSpoiled) {
            call.checkWhole();
        }
        planned.isAnswered = true;
        planned.isAnsweredByOrigin = call.isTagged();
        io.simulator().trace("answered", number(), call.contentBytes(), planned.toString());
        if (call.isOver()) {
            finish(call);
        }
    }

    private void onRstStream(Frame frame) {
        check(frame.length() == 4, "", frame);
        Http2Call call = call(frame);
        call.onReset(frame.errorCode());
        check(isLenient() || RESET_CODES.contains(frame.errorCode()), "accused: " + call + ": ", frame);
        if (call.isFinished) {
            return;
        }
        finish(call);
        if (frame.errorCode() == Codes.REFUSED_STREAM && !call.planned.isForbidden) {
            sendAgain(call);
        }
    }

    private void onSettings(Frame frame) {
        check(frame.streamId() == 0, "", frame);
        if (frame.has(Frames.ACK)) {
            Settings acknowledged = unacknowledged.poll();
            check(acknowledged != null && frame.length() == 0, "acknowledges nothing: ", frame);
            if (acknowledged != null) {
                onAcknowledged(acknowledged);
            }
            return;
        }
        check(frame.length() % 6 == 0, "", frame);
        int initial = 65_535;
        for (int at = 0; at < frame.length(); at += 6) {
            int value = frame.int32(at + 2);
            switch (frame.int32(at) >>> 16) {
                case Frames.INITIAL_WINDOW_SIZE -> initial = value;
                case Frames.MAX_FRAME_SIZE -> proxyFrameBytesMax = value;
                case Frames.MAX_CONCURRENT_STREAMS -> proxyStreamsMax = value;
                default -> {}
            }
        }
        windows.onInitial(initial, manner != Manner.IGNORING);
        isSettingsSeen = true;
        if (manner != Manner.IGNORING) {
            queue(Frames.settingsAck());
        }
        sendMore();
    }

    private void onAcknowledged(Settings settings) {
        if (settings.tableBytes() >= 0) {
            blocks.tableLimit(settings.tableBytes());
        }
        if (settings.frameBytes() >= 0) {
            frameBytesMax = settings.frameBytes();
        }
    }

    private void onPing(Frame frame) {
        check(frame.length() == 8 && frame.streamId() == 0, "", frame);
        if (!frame.has(Frames.ACK)) {
            if (manner != Manner.IGNORING) {
                queue(Frames.frame(Frames.PING, Frames.ACK, 0, frame.payload()));
            }
            return;
        }
        Ping ping = pings.poll();
        long opaque = ByteBuffer.wrap(frame.payload()).getLong();
        check(isLenient() || ping != null && ping.opaque() == opaque, "answers another ping: ", frame);
        if (ping != null) {
            ping.action().run();
        }
    }

    private void onGoAway(Frame frame) {
        check(frame.length() >= 8 && frame.streamId() == 0, "", frame);
        int last = frame.lastStreamId();
        check(goAwayLast < 0 || last <= goAwayLast, "raises what was said: ", frame);
        check(isLenient() || CODES_FOR_SLOW.contains(frame.errorCode()), "accused: ", frame);
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

    private void onWindowUpdate(Frame frame) {
        check(frame.length() == 4 && frame.int32(0) > 0, "", frame);
        if (frame.streamId() == 0) {
            windows.onConnectionCredit(frame.int32(0));
        } else {
            Http2Call call = call(frame);
            call.onWindowUpdate();
            windows.onCredit(call.balance, frame.int32(0));
        }
        sendMore();
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
        } else if (!todo.isEmpty() && pauseMaxNs > 0) {
            isPausing = true;
            later(chance.between(0L, pauseMaxNs), () -> {
                isPausing = false;
                sendMore();
            });
        } else if (!todo.isEmpty()) {
            later(0, this::sendMore);
        } else if (!isLeaving) {
            isLeaving = true;
            later(0, this::onAllAnswered);
        }
    }

    private void onAllAnswered() {
        if (!todo.isEmpty()) {
            isLeaving = false;
            sendMore(); // One was refused.
        } else if (isLenient() || isMute || pingCount >= PINGS_MAX) {
            leave();
        } else {
            ping(this::checkCredit);
            out.pump();
        }
    }

    /** No stream is open, and all that the proxy had to say of it has come: its window is whole again, but for what it keeps back. */
    private void checkCredit() {
        long missing = windows.missingBytes();
        Http2Call refilled = refill;
        boolean isRefilled = refilled != null && refilled.hasEnded;
        check(
                missing >= 0 && missing < windows.half() && (!isRefilled || missing == 0),
                "I5: credit is lost: ",
                missing);
        long left = windows.half() - missing;
        if (refilled != null || left > 4L * bodyMax || isDraining || !chance.oneIn(2)) {
            leave();
            return;
        }
        Planned planned = Planned.post(
                number, requests, chance.nextInt(upstreams), chance.nextLong(), chance.fork(), bodyMax, (int) left);
        plan(planned);
        isLeaving = false;
        PeerEnd opened = end;
        if (opened != null && mayBegin(opened)) {
            begin(todo.remove(), opened);
            refill = calls.get(lastId());
        }
        sendMore();
    }

    private int lastId() {
        return calls.keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    /** All is answered: leaves in one of several ways. */
    private void leave() {
        PeerEnd opened = end;
        if (opened == null) {
            return;
        }
        switch (chance.nextInt(4)) {
            case 0 -> {
                opened.close();
                connectionEnded();
            }
            case 1 -> out.then(opened::shutdownOutput); // The proxy's end follows.
            case 2 -> queue(Frames.goAway(0, Codes.NO_ERROR));
            default -> {} // The proxy closes what is idle.
        }
        out.pump();
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
        if (!isLenient() && !cutter.isBetween()) {
            ledger.violated("I2: an orderly end within a frame on #" + opened.number());
        }
        opened.close();
        connectionEnded();
    }

    @Override
    public void onReset() {
        if (end != null) {
            end.close();
            connectionEnded();
        }
    }
}
