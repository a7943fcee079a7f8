package dev.headgate.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Handshakes and frames as RFC 6455 has them, right and wrong. */
public final class WebSocketFrames {
    /** First bytes of frames that are a message of their own. */
    public static final int TEXT = 0x81;

    public static final int CLOSE = 0x88;
    public static final int PING = 0x89;

    /** The first byte of a frame that goes on with a message, which another one ends. */
    public static final int CONTINUATION = 0x00;

    private static final byte[] MASK = {(byte) 0x88, 1, (byte) 0x89, 0};

    private WebSocketFrames() {}

    /** A frame whose length is written as {@code form} says: 0 for seven bits, 2 or 8 for as many bytes. Its payload looks like Close frames. */
    public static byte[] frame(int first, boolean masked, int length, int form) {
        byte[] payload = new byte[length];
        Arrays.fill(payload, (byte) CLOSE);
        return frame(first, masked, payload, form);
    }

    /** The same with the shortest form. */
    public static byte[] frame(int first, boolean masked, int length) {
        return frame(first, masked, length, formOf(length));
    }

    /** A frame with this payload, masked or not. */
    public static byte[] frame(int first, boolean masked, byte[] payload) {
        return frame(first, masked, payload, formOf(payload.length));
    }

    private static int formOf(int length) {
        return length < 126 ? 0 : length < 1 << 16 ? 2 : 8;
    }

    private static byte[] frame(int first, boolean masked, byte[] payload, int form) {
        var out = new ByteArrayOutputStream();
        out.write(first);
        out.write((masked ? 0x80 : 0) | (form == 0 ? payload.length : form == 2 ? 126 : 127));
        for (int i = form - 1; i >= 0; i--) {
            out.write(i < 4 ? payload.length >>> 8 * i : 0);
        }
        if (masked) out.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            out.write(masked ? payload[i] ^ MASK[i % MASK.length] : payload[i]);
        }
        return out.toByteArray();
    }

    /** A text in one frame, as clients send it. */
    public static byte[] masked(String text) {
        return frame(TEXT, true, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A text in one frame, as servers send it. */
    public static byte[] plain(String text) {
        return frame(TEXT, false, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A Close frame with a status code. */
    public static byte[] close(boolean masked, int code) {
        return frame(CLOSE, masked, new byte[] {(byte) (code >> 8), (byte) code});
    }

    /** What {@code Sec-WebSocket-Accept} answers to {@code key} (RFC 6455 §4.2.2). */
    public static String acceptOf(String key) {
        try {
            byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
