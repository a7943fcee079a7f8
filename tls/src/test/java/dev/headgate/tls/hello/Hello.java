package dev.headgate.tls.hello;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Builds hellos, right ones and wrong ones: every length can be overruled by writing its vector in hex. */
final class Hello {
    static final String SERVER_NAME = "0000";
    static final String GROUPS = "000a";
    static final String SIGNATURES = "000d";
    static final String ALPN = "0010";
    static final String TICKET = "0023";
    static final String PSK = "0029";
    static final String EARLY_DATA = "002a";
    static final String VERSIONS = "002b";
    static final String PSK_MODES = "002d";
    static final String SIGNATURES_CERT = "0032";

    private String version = "0303";
    private String sessionId = "00";
    private String cipherSuites = v16("1301c02b");
    private String compression = "0100";
    private final StringBuilder extensions = new StringBuilder();
    private boolean hasExtensions = true;
    private String trailing = "";

    static Hello hello() {
        return new Hello();
    }

    Hello version(String hex) {
        version = hex;
        return this;
    }

    Hello sessionId(String hex) {
        sessionId = hex;
        return this;
    }

    Hello cipherSuites(String hex) {
        cipherSuites = hex;
        return this;
    }

    Hello compression(String hex) {
        compression = hex;
        return this;
    }

    Hello with(String type, String content) {
        extensions.append(type).append(v16(content));
        return this;
    }

    /** Adds bytes to the extensions that need not be one. */
    Hello raw(String hex) {
        extensions.append(hex);
        return this;
    }

    Hello withoutExtensions() {
        hasExtensions = false;
        return this;
    }

    Hello trailing(String hex) {
        trailing = hex;
        return this;
    }

    Hello serverName(String name) {
        return with(SERVER_NAME, v16("00" + v16(text(name))));
    }

    Hello protocols(String... names) {
        var list = new StringBuilder();
        for (String name : names) {
            list.append(v8(text(name)));
        }
        return with(ALPN, v16(list.toString()));
    }

    /** The hello without its handshake header. */
    byte[] body() {
        return bytes(version
                + "5a".repeat(32)
                + sessionId
                + cipherSuites
                + compression
                + (hasExtensions ? v16(extensions.toString()) : "")
                + trailing);
    }

    /** The handshake message. */
    byte[] message() {
        return message(body());
    }

    static byte[] message(byte[] body) {
        return concat(
                new byte[] {1, (byte) (body.length >>> 16), (byte) (body.length >>> 8), (byte) body.length}, body);
    }

    /** The message in as few records as may be. */
    byte[] wire() {
        return records(message(), 1 << 14);
    }

    /** This filled up with an unknown extension to a body of {@code length} bytes. */
    Hello padTo(int length) {
        return with("fff0", "00".repeat(length - body().length - 4));
    }

    static byte[] records(byte[] message, int contentBytes) {
        var out = new ByteArrayOutputStream();
        for (int at = 0; at < message.length; at += contentBytes) {
            record(out, message, at, Math.min(contentBytes, message.length - at));
        }
        return out.toByteArray();
    }

    static byte[] randomRecords(byte[] message, long seed) {
        var random = new SplittableRandom(seed);
        var out = new ByteArrayOutputStream();
        for (int at = 0; at < message.length; ) {
            int length = Math.min(message.length - at, 1 + random.nextInt(random.nextBoolean() ? 3 : 200));
            record(out, message, at, length);
            at += length;
        }
        return out.toByteArray();
    }

    private static void record(ByteArrayOutputStream out, byte[] message, int from, int length) {
        out.writeBytes(new byte[] {22, 3, 1, (byte) (length >>> 8), (byte) length});
        out.write(message, from, length);
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static String text(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A vector with one byte of length. */
    static String v8(String hex) {
        return "%02x".formatted(hex.length() / 2) + hex;
    }

    /** A vector with two bytes of length. */
    static String v16(String hex) {
        return "%04x".formatted(hex.length() / 2) + hex;
    }

    static byte[] concat(byte[] a, byte[] b) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(a);
        out.writeBytes(b);
        return out.toByteArray();
    }
}
