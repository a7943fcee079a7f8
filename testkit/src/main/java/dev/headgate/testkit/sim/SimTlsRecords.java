package dev.headgate.testkit.sim;

import java.nio.ByteBuffer;

/**
 * Takes a stream apart into records (RFC 8446 §5.1), of which nothing is protected here: a handshake has one of either side, in which the client
 * lists application protocols and the server names one of them.
 */
final class SimTlsRecords {
    static final int ALERT = 21;
    static final int HANDSHAKE = 22;
    static final int DATA = 23;

    static final int HEADER_BYTES = 5;
    static final int PAYLOAD_BYTES_MAX = 1 << 14;

    private static final byte[] CLOSE_NOTIFY = {1, 0};
    private static final byte[] NO_APPLICATION_PROTOCOL = {2, 120};

    private final Taker taker;
    private final ByteBuffer record = ByteBuffer.allocate(HEADER_BYTES + PAYLOAD_BYTES_MAX);

    /** Takes records. */
    interface Taker {
        /** {@code payload} is lent. */
        void onRecord(int type, ByteBuffer payload);
    }

    SimTlsRecords(Taker taker) {
        this.taker = taker;
    }

    /** Takes all of {@code bytes}. */
    void feed(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int needed = record.position() < HEADER_BYTES ? HEADER_BYTES : HEADER_BYTES + lengthAt(record, 0);
            int count = Math.min(needed - record.position(), bytes.remaining());
            record.put(record.position(), bytes, bytes.position(), count);
            record.position(record.position() + count);
            bytes.position(bytes.position() + count);
            if (record.position() >= HEADER_BYTES && record.position() == HEADER_BYTES + lengthAt(record, 0)) {
                record.flip().position(HEADER_BYTES);
                taker.onRecord(record.get(0), record.slice());
                record.clear();
            }
        }
    }

    /** The length that the header at {@code position} says. */
    static int lengthAt(ByteBuffer bytes, int position) {
        int length = bytes.getShort(position + 3) & 0xFFFF;
        if (length > PAYLOAD_BYTES_MAX) {
            throw new BrokenRule("no record: length " + length);
        }
        return length;
    }

    static byte[] record(int type, byte[] payload) {
        ByteBuffer record = ByteBuffer.allocate(HEADER_BYTES + payload.length);
        header(record, type, payload.length);
        return record.put(payload).array();
    }

    static void header(ByteBuffer target, int type, int length) {
        target.put((byte) type).putShort((short) 0x0303).putShort((short) length);
    }

    static byte[] closeNotify() {
        return record(ALERT, CLOSE_NOTIFY);
    }

    static byte[] noApplicationProtocol() {
        return record(ALERT, NO_APPLICATION_PROTOCOL);
    }

    static boolean isCloseNotify(ByteBuffer alert) {
        return alert.get(alert.position() + 1) == 0;
    }
}
