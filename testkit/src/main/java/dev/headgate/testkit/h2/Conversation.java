package dev.headgate.testkit.h2;

import dev.headgate.testkit.Wire;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The account of a connection as its client has it: settings, windows of both sides, responses. Frames of the server that
 * break a rule are an {@link AssertionError}. Frames that are sent may be told of by another thread.
 */
final class Conversation implements SentFrames.Taker {
    private final FrameReader reader;
    private final Consumer<byte[]> answer;
    private final FieldBlockReader fieldBlocks = new FieldBlockReader();
    private final TableLimits tableLimits = new TableLimits();
    private final Map<Integer, Incoming> streams = new HashMap<>();
    private final Set<Integer> opened = ConcurrentHashMap.newKeySet();
    private final List<Frame> goAways = new ArrayList<>();

    private final Map<Integer, Integer> serverSettings = new HashMap<>();
    private final Windows ours = new Windows(); // what we may send
    private final Windows theirs = new Windows(); // what the server may send
    private long connectionBytes; // the server's whole window, once it has greeted
    private int settingsToAcknowledge; // of ours
    private int takenBytes; // and not yet given back

    private @Nullable ByteArrayOutputStream openBlock;
    private boolean endsStream; // with that block
    private int openBlockStream;

    private boolean acknowledges = true;
    private boolean givesCredit = true;

    /**
     * The account of a connection on which nothing has been sent.
     *
     * @param reader whose frames are told of
     * @param answer sends acknowledgements and credit
     */
    Conversation(FrameReader reader, Consumer<byte[]> answer) {
        this.reader = reader;
        this.answer = answer;
    }

    void withoutCredit() {
        givesCredit = false;
    }

    void withoutAcknowledgements() {
        acknowledges = false;
    }

    // ---- what is sent

    @Override
    public synchronized void onContentBegun(int streamId, int length) {
        ours.send(streamId, length);
    }

    @Override
    public synchronized void onSent(Frame frame) {
        switch (frame.type()) {
            case Frames.HEADERS -> opened.add(frame.streamId());
            case Frames.WINDOW_UPDATE -> {
                if (frame.length() == 4) {
                    theirs.update(frame.streamId(), frame.int32(0) & Integer.MAX_VALUE);
                }
            }
            case Frames.SETTINGS -> {
                if (!frame.has(Frames.ACK)) {
                    settingsToAcknowledge++;
                    onOwnSettings(frame);
                }
            }
            default -> {}
        }
    }

    /** What we set holds for the server at once, for want of knowing when it has read it; but for the table, whose old limit is not over yet. */
    private void onOwnSettings(Frame frame) {
        OptionalInt tableLimit = OptionalInt.empty();
        for (int at = 0; at + Frames.SETTING_BYTES <= frame.length(); at += Frames.SETTING_BYTES) {
            int value = frame.int32(at + 2);
            switch (frame.int32(at) >>> 16) {
                case Frames.INITIAL_WINDOW_SIZE ->
                    theirs.initial(Math.max(0, value)); // above 2^31-1 it ends the connection
                case Frames.MAX_FRAME_SIZE -> reader.payloadBytesMax(Math.max(Frames.FRAME_BYTES_DEFAULT, value));
                case Frames.HEADER_TABLE_SIZE -> tableLimit = OptionalInt.of(value < 0 ? Integer.MAX_VALUE : value);
                default -> {}
            }
        }
        tableLimits.onSent(tableLimit);
    }

    // ---- what comes

    void onReceived(Frame frame) {
        check(
                openBlock == null != frame.is(Frames.CONTINUATION)
                        && (openBlock == null || frame.streamId() == openBlockStream),
                "a field block that is broken into, or that has not begun");
        check(frame.streamId() == 0 || opened.contains(frame.streamId()), "a stream that was not opened");
        switch (frame.type()) {
            case Frames.DATA -> onData(frame);
            case Frames.HEADERS -> {
                openBlock = new ByteArrayOutputStream();
                openBlockStream = frame.streamId();
                endsStream = frame.has(Frames.END_STREAM);
                onFragment(frame, openBlock);
            }
            case Frames.CONTINUATION -> onFragment(frame, Objects.requireNonNull(openBlock));
            case Frames.RST_STREAM -> incoming(frame.streamId()).onReset(frame.errorCode());
            case Frames.SETTINGS -> onSettings(frame);
            case Frames.PING -> {
                if (acknowledges && !frame.has(Frames.ACK)) {
                    answer.accept(Frames.frame(Frames.PING, Frames.ACK, 0, frame.payload()));
                }
            }
            case Frames.GOAWAY -> onGoAway(frame);
            case Frames.WINDOW_UPDATE -> onWindowUpdate(frame);
            default -> throw new AssertionError(frame);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private void onFragment(Frame frame, ByteArrayOutputStream block) {
        block.writeBytes(frame.is(Frames.HEADERS) ? frame.content() : frame.payload());
        if (frame.has(Frames.END_HEADERS)) {
            openBlock = null;
            fieldBlocks.tableLimit(tableLimits.largest());
            incoming(frame.streamId()).onFields(fieldBlocks.read(block.toByteArray()), endsStream);
        }
    }

    private void onData(Frame frame) {
        int id = frame.streamId();
        synchronized (this) {
            theirs.send(id, frame.length());
            // Settings on their way may have lowered the windows of streams.
            boolean isWithin = theirs.connection() >= 0 && (theirs.stream(id) >= 0 || settingsToAcknowledge > 0);
            check(isWithin || frame.length() == 0, "content beyond our windows");
        }
        incoming(id).onData(frame.content(), frame.has(Frames.END_STREAM));
        if (givesCredit && frame.length() > 0) {
            giveCredit(id, frame.length(), frame.has(Frames.END_STREAM));
        }
    }

    private void giveCredit(int id, int length, boolean isLast) {
        byte[] update = new byte[0];
        takenBytes += length;
        if (takenBytes >= Frames.WINDOW_DEFAULT / 2) {
            update = Frames.windowUpdate(0, takenBytes);
            takenBytes = 0;
        }
        long missing = theirs.initial() - theirs.stream(id);
        if (!isLast && missing > theirs.initial() / 2) {
            update = Wire.join(update, Frames.windowUpdate(id, (int) missing));
        }
        if (update.length > 0) {
            answer.accept(update);
        }
    }

    private void onSettings(Frame frame) {
        if (frame.has(Frames.ACK)) {
            check(--settingsToAcknowledge >= 0, "an acknowledgement of nothing");
            tableLimits.onAcknowledged();
            return;
        }
        for (int at = 0; at < frame.length(); at += Frames.SETTING_BYTES) {
            serverSettings.put(frame.int32(at) >>> 16, frame.int32(at + 2));
        }
        synchronized (this) {
            ours.initial(setting(Frames.INITIAL_WINDOW_SIZE, Frames.WINDOW_DEFAULT));
        }
        if (acknowledges) {
            answer.accept(Frames.settingsAck());
        }
    }

    private void onGoAway(Frame frame) {
        check(
                goAways.isEmpty() || frame.lastStreamId() <= goAways.getLast().lastStreamId(),
                "a GOAWAY that raises the one before");
        goAways.add(frame);
    }

    private synchronized void onWindowUpdate(Frame frame) {
        int id = frame.streamId();
        ours.update(id, frame.int32(0));
        check(
                connectionBytes == 0 || ours.connection() <= connectionBytes,
                "credit given twice: " + ours.connection() + " of " + connectionBytes);
        check(
                id == 0 || ours.stream(id) <= ours.initial(),
                "credit given twice: " + ours.stream(id) + " of " + ours.initial());
    }

    // ---- what is known

    /** Whether the server's settings are there, and its acknowledgement of ours. */
    boolean isGreeted() {
        return settingsToAcknowledge == 0 && !serverSettings.isEmpty();
    }

    /** From here on the connection's window is never more than it is now. */
    synchronized void onGreeted() {
        connectionBytes = ours.connection();
    }

    /** What the server has set, or {@code otherwise}. */
    int setting(int id, int otherwise) {
        return serverSettings.getOrDefault(id, otherwise);
    }

    synchronized long connectionBytes() {
        return connectionBytes;
    }

    synchronized long connectionCredit() {
        return ours.connection();
    }

    synchronized long streamCredit(int streamId) {
        return ours.stream(streamId);
    }

    /** What the server may send on this stream. */
    synchronized long allowedBytes(int streamId) {
        return Math.min(theirs.connection(), theirs.stream(streamId));
    }

    /** What has come of this stream, whether it has begun or not. */
    Incoming incoming(int streamId) {
        return streams.computeIfAbsent(streamId, Incoming::new);
    }

    List<Frame> goAways() {
        return List.copyOf(goAways);
    }
}
