package dev.headgate.testkit.sim;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A server's end of simulated TLS, over that of the connection: what its owner sees and counts are plain bytes. The owner takes it once there is a
 * protocol.
 */
final class SecurePeerEnd extends PeerEnd implements PeerEnd.Peer {
    private final Simulator simulator;
    private final PeerEnd below;
    private final Function<List<String>, @Nullable String> choice;
    private final BiConsumer<PeerEnd, String> whenAgreed;
    private final SimTlsRecords arriving = new SimTlsRecords(this::onRecord);
    private final SimTlsRecords leaving = new SimTlsRecords(this::onProxyRecord); // as they leave the proxy
    private @Nullable Peer owner;
    private @Nullable Tap tap;
    private boolean isAgreed;

    // What has come.
    private ByteBuffer plain = ByteBuffer.allocate(0);
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    private long proxyPlainBytes;
    private boolean isCloseNotified;
    private boolean hasEndBelow;
    private boolean isEndTold;

    // What goes.
    private final ArrayDeque<ByteBuffer> pending = new ArrayDeque<>();
    private final ArrayDeque<Sent> underWay = new ArrayDeque<>();
    private long recordBytes;
    private long plainBytes;
    private long readPlainBytes;
    private boolean isOutputEnded;
    private boolean isClosed;

    /** Where a record ends, and how many plain bytes there are up to its end. */
    private record Sent(long recordBytes, long plainBytes) {}

    /**
     * @param choice of one of these protocols, or of none where it answers an empty one; null ends the handshake
     * @param whenAgreed is told of it, and has the end from then on
     */
    SecurePeerEnd(
            Simulator simulator,
            PeerEnd below,
            Function<List<String>, @Nullable String> choice,
            BiConsumer<PeerEnd, String> whenAgreed) {
        super(below);
        this.simulator = simulator;
        this.below = below;
        this.choice = choice;
        this.whenAgreed = whenAgreed;
        below.owner(this);
        below.tap(leaving::feed);
    }

    @Override
    public void owner(Peer peer) {
        owner = peer;
    }

    @Override
    public void tap(Tap listener) {
        tap = listener;
    }

    // ---- records that come -----------------------------------------------------------------------------------------

    private void onProxyRecord(int type, ByteBuffer payload) {
        if (type == SimTlsRecords.DATA) {
            proxyPlainBytes += payload.remaining();
            Tap listener = tap;
            if (listener != null) {
                listener.onWritten(payload);
            }
        }
    }

    private void onRecord(int type, ByteBuffer payload) {
        switch (type) {
            case SimTlsRecords.HANDSHAKE ->
                onHello(StandardCharsets.US_ASCII.decode(payload).toString());
            case SimTlsRecords.DATA -> {
                byte[] bytes = new byte[payload.remaining()];
                payload.get(bytes);
                gathered.writeBytes(bytes);
            }
            case SimTlsRecords.ALERT -> isCloseNotified = SimTlsRecords.isCloseNotify(payload);
            default -> throw new BrokenRule("no record: type " + type);
        }
    }

    private void onHello(String offered) {
        String chosen = choice.apply(offered.isEmpty() ? List.of() : List.of(offered.split(",", -1)));
        simulator.trace("alpn", number(), 0, offered + " -> " + chosen);
        if (chosen == null) {
            send(SimTlsRecords.noApplicationProtocol());
            isClosed = true;
            pump();
            return;
        }
        send(SimTlsRecords.record(SimTlsRecords.HANDSHAKE, chosen.getBytes(StandardCharsets.US_ASCII)));
        pump();
        isAgreed = true;
        whenAgreed.accept(this, chosen);
    }

    private void fill() {
        if (plain.hasRemaining() || isClosed) {
            return;
        }
        byte[] bytes = below.read(below.readableBytes());
        if (bytes.length > 0) {
            arriving.feed(ByteBuffer.wrap(bytes));
            plain = ByteBuffer.wrap(gathered.toByteArray());
            gathered.reset();
        }
    }

    // ---- events of the connection ----------------------------------------------------------------------------------

    @Override
    void changed() {
        below.changed();
        if (!isClosed && owner != null) {
            onReady();
        }
    }

    @Override
    public void onReady() {
        pump();
        if (isClosed) {
            below.read(below.readableBytes()); // Nobody is left to have it.
            return;
        }
        fill();
        Peer told = owner;
        if (isAgreed && told != null) {
            told.onReady();
        }
    }

    @Override
    public void onEnd() {
        hasEndBelow = true;
        fill();
        tellEnd();
    }

    private void tellEnd() {
        Peer told = owner;
        if (!hasEndBelow || isEndTold || isClosed || plain.hasRemaining()) {
            return;
        }
        isEndTold = true;
        if (told == null) {
            close();
        } else if (isCloseNotified) {
            told.onEnd();
        } else {
            told.onReset(); // An end without a word may be anybody's (RFC 8446 §6.1).
        }
    }

    @Override
    public void onReset() {
        Peer told = owner;
        if (told != null && !isClosed) {
            told.onReset();
        }
    }

    // ---- plain bytes -----------------------------------------------------------------------------------------------

    @Override
    public int readableBytes() {
        fill();
        return isClosed ? 0 : plain.remaining();
    }

    @Override
    public byte[] read(int most) {
        byte[] bytes = new byte[Math.min(most, readableBytes())];
        plain.get(bytes);
        if (hasEndBelow && !plain.hasRemaining()) {
            simulator.after(0, this::tellEnd);
        }
        return bytes;
    }

    @Override
    public int write(ByteBuffer source) {
        pump();
        if (!isWritable() || !pending.isEmpty() || freeBytes() == 0) {
            return 0;
        }
        int room = Math.max(1, freeBytes() - SimTlsRecords.HEADER_BYTES);
        byte[] payload = new byte[Math.min(Math.min(source.remaining(), room), SimTlsRecords.PAYLOAD_BYTES_MAX)];
        if (payload.length == 0) {
            return 0;
        }
        source.get(payload);
        plainBytes += payload.length;
        send(SimTlsRecords.record(SimTlsRecords.DATA, payload));
        pump();
        return payload.length;
    }

    private void send(byte[] record) {
        pending.add(ByteBuffer.wrap(record));
        recordBytes += record.length;
        underWay.add(new Sent(recordBytes, plainBytes));
    }

    /** Writes records as far as there is room, and behind them what ends the connection. */
    private void pump() {
        while (!pending.isEmpty()) {
            ByteBuffer first = pending.element();
            first.position(first.position() + below.write(first.slice()));
            if (first.hasRemaining()) {
                if (!below.isWritable()) {
                    pending.clear();
                }
                break;
            }
            pending.remove();
        }
        if (pending.isEmpty() && isClosed) {
            below.close();
        } else if (pending.isEmpty() && isOutputEnded) {
            below.shutdownOutput();
        }
    }

    @Override
    public boolean isWritable() {
        return below.isWritable() && !isOutputEnded && !isClosed;
    }

    // ---- how far it has come ---------------------------------------------------------------------------------------

    @Override
    public long writtenByProxyBytes() {
        return proxyPlainBytes;
    }

    @Override
    public long writtenBytes() {
        return plainBytes;
    }

    @Override
    public long readByProxyBytes() {
        while (!underWay.isEmpty() && underWay.element().recordBytes() <= below.readByProxyBytes()) {
            readPlainBytes = underWay.remove().plainBytes();
        }
        return readPlainBytes;
    }

    @Override
    long unarrivedBytes() {
        return below.unarrivedBytes() + pending.size();
    }

    // ---- ends ------------------------------------------------------------------------------------------------------

    @Override
    public void shutdownOutput() {
        if (isWritable()) {
            isOutputEnded = true;
            send(SimTlsRecords.closeNotify());
            pump();
        }
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        if (isWritable()) {
            send(SimTlsRecords.closeNotify());
        }
        isClosed = true;
        pump();
    }

    @Override
    public void reset() {
        isClosed = true;
        pending.clear();
        below.reset();
    }

    @Override
    public boolean isClosed() {
        return isClosed || below.isClosed();
    }
}
