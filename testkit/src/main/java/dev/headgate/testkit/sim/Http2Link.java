package dev.headgate.testkit.sim;

import static dev.headgate.testkit.sim.BrokenRule.check;

import dev.headgate.testkit.h2.Frame;
import dev.headgate.testkit.h2.FrameCutter;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.peer.Field;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A peer's end of a connection with HTTP/2, in either role: frames, settings, pings, credit and whose turn it is to send content. What requests and
 * answers mean is the {@link Http2Role}'s.
 */
final class Http2Link implements PeerEnd.Peer {
    private static final int PINGS_MAX = 20;
    private static final int FRAME_BYTES_MIN = 1 << 14;

    private final Ledger ledger;
    private final Simulator simulator;
    private final SimChance chance;
    private final PeerEnd end;
    private final Http2Role role;
    private final Http2Manner manner;
    private final Http2Habits habits;
    private final Http2Windows windows;
    private final Http2Watch watch;
    private final Outbox out;
    private final Http2Sections sections;
    private final Http2Turns turns;
    private final Http2Credit credit;
    private final FrameCutter cutter = new FrameCutter(this::onFrame);
    private final Http2FieldBlocks blocks = new Http2FieldBlocks();
    private final Map<Integer, Http2Flow> flows = new TreeMap<>(); // all that there have been
    private final ArrayDeque<Http2Settings> unacknowledged = new ArrayDeque<>();
    private final ArrayDeque<Ping> pings = new ArrayDeque<>();
    private int prefaceBytes; // still to come
    private long queuedBytes;
    private int pingCount;
    private int frameBytesMax = FRAME_BYTES_MIN; // of the proxy's frames
    private int proxyFrameBytesMax = FRAME_BYTES_MIN;
    private boolean isSettingsSeen;
    private boolean isReadPausing;
    private boolean isDeaf;
    private boolean isMute;
    private boolean isMisbehaviourDue;
    private boolean isPoisoned;
    private boolean isOver;

    /** A ping under way, and what follows from its answer. */
    private record Ping(long opaque, Runnable action) {}

    Http2Link(
            Ledger ledger,
            PeerEnd end,
            SimChance chance,
            Http2Manner manner,
            Http2Habits habits,
            Http2Limits limits,
            Http2Watch watch,
            Http2Role role) {
        this.ledger = ledger;
        this.simulator = ledger.simulator();
        this.end = end;
        this.chance = chance;
        this.manner = manner;
        this.habits = habits;
        this.watch = watch;
        this.prefaceBytes = watch.prefaceBytes();
        this.role = role;
        this.windows = new Http2Windows(limits.connectionWindow(), limits.streamWindow());
        this.out = new Outbox(simulator, end, habits.sendPace(), chance);
        this.sections = new Http2Sections(chance);
        this.credit = new Http2Credit(this, flows.values(), watch, chance, habits);
        this.turns = new Http2Turns(this, flows.values(), chance, habits.pieceBytesMax());
    }

    // ---- its life --------------------------------------------------------------------------------------------------

    /** Takes the end over. */
    void start(String kind, int value) {
        isMisbehaviourDue = manner.isMisbehaving();
        simulator.trace(kind, end.number(), value, manner.toString());
        if (isMisbehaviourDue && manner != Http2Manner.CORRUPT && manner != Http2Manner.POISONOUS) {
            later(chance.between(0L, chance.oneOf(1_000_000L, 50_000_000L, 2_000_000_000L)), this::misbehave);
        }
        end.owner(this);
    }

    private void misbehave() {
        switch (manner) {
            case ENDING -> {
                mute();
                end.shutdownOutput();
            }
            case SILENT -> mute();
            case CLOSING -> close();
            case RESETTING -> reset();
            case NOT_READING -> isDeaf = true;
            case PROPER, WITHHOLDING, IGNORING, HALF_CLOSING, CORRUPT, POISONOUS -> {}
        }
        role.onMisbehaved(manner);
    }

    private void mute() {
        out.clear();
        isMute = true;
    }

    void close() {
        isOver = true;
        out.clear();
        end.close();
    }

    void reset() {
        isOver = true;
        out.clear();
        end.reset();
    }

    /** Does {@code action} unless the connection has come to an end meanwhile. */
    void later(long delayNs, Runnable action) {
        simulator.after(delayNs, () -> {
            if (!isOver) {
                action.run();
            }
        });
    }

    boolean isOver() {
        return isOver;
    }

    boolean isMute() {
        return isMute;
    }

    /** Whether to send now what ends the connection: once, if at all. */
    boolean takePoison() {
        if (manner == Http2Manner.POISONOUS && isMisbehaviourDue && chance.nextInt(2) == 0) {
            isMisbehaviourDue = false;
            isPoisoned = true;
            return true;
        }
        return false;
    }

    boolean isPoisoned() {
        return isPoisoned;
    }

    /** Whether nothing can be said of what comes: this peer has brought it about. */
    boolean isLenient() {
        return manner == Http2Manner.CORRUPT || isPoisoned;
    }

    int number() {
        return end.number();
    }

    Http2Sections sections() {
        return sections;
    }

    Http2Windows windows() {
        return windows;
    }

    // ---- sending ---------------------------------------------------------------------------------------------------

    void queue(byte[] bytes) {
        if (isMute || isOver) {
            return;
        }
        if (manner == Http2Manner.CORRUPT && isMisbehaviourDue && chance.oneIn(6) && role.onSpoiling(bytes)) {
            isMisbehaviourDue = false;
            bytes[chance.nextInt(bytes.length)] ^= (byte) (1 << chance.nextInt(8));
        }
        out.add(bytes);
        queuedBytes += bytes.length;
    }

    /** Where the next frame begins in all that is sent. */
    long queuedBytes() {
        return queuedBytes;
    }

    /** Does {@code action} when all that was queued before is written. */
    void then(Runnable action) {
        out.then(action);
    }

    void pump() {
        out.pump();
    }

    boolean isWritable() {
        return end.isWritable();
    }

    /** Says the first words, and changes its mind about some of them later. */
    void sendOpening(int streams, boolean offersTunnels) {
        int initial = chance.nextInt(2) == 0 ? -1 : drawInitial();
        int tableBytes = chance.oneOf(-1, -1, 0, 100, 4_096, 1 << 16);
        int frameBytes = chance.oneOf(-1, -1, FRAME_BYTES_MIN, 1 << 16);
        sendSettings(new Http2Settings(initial, tableBytes, frameBytes, streams, offersTunnels));
        credit.giveToConnection();
        int changes = chance.nextInt(3);
        for (int i = 0; i < changes; i++) {
            later(chance.skewed(2_000_000_000), () -> {
                sendSettings(new Http2Settings(drawInitial(), chance.oneOf(-1, -1, 0, 4_096), -1, -1, false));
                creditLater();
                out.pump();
            });
        }
    }

    private int drawInitial() {
        return chance.oneOf(0, 1, chance.skewed(100_000), 65_535, 1 << 20);
    }

    void sendSettings(Http2Settings settings) {
        if (isMute) {
            return;
        }
        if (settings.initialWindow() >= 0) {
            windows.initial(settings.initialWindow());
        }
        boolean saysPush = chance.nextInt(2) == 0;
        watch.settings(settings);
        unacknowledged.add(settings);
        queue(saysPush ? settings.frame(Frames.ENABLE_PUSH, 0) : settings.frame());
    }

    /** Sends a ping, if there were not too many. */
    boolean ping(Runnable action) {
        if (pingCount >= PINGS_MAX || isMute) {
            return false;
        }
        pingCount++;
        long opaque = chance.nextLong();
        pings.add(new Ping(opaque, action));
        queue(Frames.ping(opaque));
        return true;
    }

    boolean hasPings() {
        return pingCount < PINGS_MAX;
    }

    void trace(String kind, long subject, long value) {
        simulator.trace(kind, subject, value);
    }

    void add(Http2Flow flow) {
        flows.put(flow.id, flow);
    }

    /** Sends content of streams that have some and may send it. */
    void sendContent() {
        if (!isMute && !isOver) {
            turns.send();
        }
    }

    void onSent(Http2Flow flow) {
        role.onSent(flow);
    }

    int proxyFrameBytesMax() {
        return proxyFrameBytesMax;
    }

    // ---- credit ----------------------------------------------------------------------------------------------------

    void creditLater() {
        if (manner != Http2Manner.WITHHOLDING && !isMute) {
            credit.giveLater();
        }
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    @Override
    public void onReady() {
        if (isOver) {
            return;
        }
        out.pump();
        if (isReadPausing || isDeaf || isOver) {
            return;
        }
        int readable = end.readableBytes();
        if (readable == 0) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(end.read(habits.readPace().piece(readable, chance)));
        int skipped = Math.min(prefaceBytes, bytes.remaining());
        prefaceBytes -= skipped;
        bytes.position(bytes.position() + skipped);
        try {
            cutter.feed(bytes);
        } catch (BrokenRule | IndexOutOfBoundsException | AssertionError e) {
            role.onBroken(String.valueOf(e.getMessage()));
        }
        if (isOver) {
            return;
        }
        out.pump();
        long pauseNs = habits.readPace().pauseNs(chance);
        if (pauseNs > 0) {
            isReadPausing = true;
            later(pauseNs, () -> {
                isReadPausing = false;
                onReady();
            });
        } else if (end.readableBytes() > 0) {
            onReady();
        }
    }

    private void onFrame(Frame frame) {
        if (isOver) {
            return;
        }
        boolean isContent = frame.is(Frames.DATA) || frame.is(Frames.WINDOW_UPDATE);
        if (isContent) {
            simulator.trace(frame.is(Frames.DATA) ? "data" : "credit", end.number(), frame.streamId());
        } else {
            simulator.trace("frame", end.number(), frame.streamId(), frame.toString());
        }
        check(frame.length() <= frameBytesMax, "longer than " + frameBytesMax + ": ", frame);
        check(isSettingsSeen || frame.is(Frames.SETTINGS) && !frame.has(Frames.ACK), "before settings: ", frame);
        blocks.onFrame(frame);
        switch (frame.type()) {
            case Frames.DATA -> onData(frame);
            case Frames.HEADERS, Frames.CONTINUATION -> {
                List<Field> fields = blocks.take(frame);
                if (fields != null) {
                    role.onFields(frame, fields, blocks.endsStream());
                }
            }
            case Frames.RST_STREAM -> {
                check(frame.length() == 4, "", frame);
                role.onRstStream(frame);
            }
            case Frames.SETTINGS -> onSettings(frame);
            case Frames.PING -> onPing(frame);
            case Frames.GOAWAY -> {
                check(frame.length() >= 8 && frame.streamId() == 0, "", frame);
                role.onGoAway(frame);
            }
            case Frames.WINDOW_UPDATE -> onWindowUpdate(frame);
            default -> throw new BrokenRule("no frame of the proxy's: " + frame);
        }
    }

    private void onData(Frame frame) {
        windows.received(role.flowOf(frame).balance, frame.length());
        role.onData(frame);
        creditLater();
    }

    private void onSettings(Frame frame) {
        check(frame.streamId() == 0, "", frame);
        if (frame.has(Frames.ACK)) {
            Http2Settings acknowledged = unacknowledged.poll();
            check(acknowledged != null && frame.length() == 0, "acknowledges nothing: ", frame);
            if (acknowledged != null) {
                onAcknowledged(acknowledged);
            }
            return;
        }
        check(frame.length() % 6 == 0, "", frame);
        int initial = 65_535;
        int streams = Integer.MAX_VALUE;
        for (int at = 0; at < frame.length(); at += 6) {
            int value = frame.int32(at + 2);
            switch (frame.int32(at) >>> 16) {
                case Frames.INITIAL_WINDOW_SIZE -> initial = value;
                case Frames.MAX_FRAME_SIZE -> proxyFrameBytesMax = value;
                case Frames.MAX_CONCURRENT_STREAMS -> streams = value;
                default -> {}
            }
        }
        windows.onInitial(initial, manner != Http2Manner.IGNORING);
        isSettingsSeen = true;
        if (manner != Http2Manner.IGNORING) {
            queue(Frames.settingsAck());
        }
        role.onSettings(streams);
    }

    private void onAcknowledged(Http2Settings settings) {
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
            if (manner != Http2Manner.IGNORING) {
                queue(Frames.acknowledge(frame));
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

    private void onWindowUpdate(Frame frame) {
        check(frame.length() == 4 && frame.int32(0) > 0, "", frame);
        if (frame.streamId() == 0) {
            windows.onConnectionCredit(frame.int32(0));
        } else {
            Http2Flow flow = role.onStreamCredit(frame);
            if (flow != null) {
                windows.onCredit(flow.balance, frame.int32(0));
            }
        }
        role.onRoom();
    }

    @Override
    public void onEnd() {
        if (isOver || isDeaf) {
            return;
        }
        if (!isLenient() && !cutter.isBetween()) {
            ledger.violated("I2: an orderly end within a frame on #" + end.number());
        }
        close();
        role.onOver();
    }

    @Override
    public void onReset() {
        if (!isOver) {
            close();
            role.onOver();
        }
    }
}
