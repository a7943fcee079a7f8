package dev.headgate.http.websocket;

import java.nio.ByteBuffer;

/**
 * Writes Close frames (RFC 6455 §5.5.1) with a status code and no text.
 * <pre>
 *  to a client   88 02 code code
 *  to a server   88 82 mask mask mask mask code code    the code is masked (RFC 6455 §5.3)
 * </pre>
 */
public final class CloseFrame {
    /** The most that one takes. */
    public static final int BYTES_MAX = 8;

    /** The status code of an endpoint that goes away (RFC 6455 §7.4.1). */
    public static final int GOING_AWAY = 1001;

    private static final byte FIN_AND_CLOSE = (byte) 0x88;
    private static final byte LENGTH = 2;
    private static final int MASKED = 0x80;

    private CloseFrame() {}

    /** Writes one for a client at {@code out}'s position. */
    public static void toClient(ByteBuffer out, int code) {
        out.put(FIN_AND_CLOSE).put(LENGTH).put((byte) (code >> 8)).put((byte) code);
    }

    /** Writes one for a server at {@code out}'s position; {@code mask} must be one that nobody can foresee (RFC 6455 §10.3). */
    public static void toServer(ByteBuffer out, int code, int mask) {
        out.put(FIN_AND_CLOSE).put((byte) (MASKED | LENGTH));
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.put((byte) (mask >> shift));
        }
        out.put((byte) (code >> 8 ^ mask >> 24)).put((byte) (code ^ mask >> 16));
    }
}
