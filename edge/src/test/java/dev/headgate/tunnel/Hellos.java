package dev.headgate.tunnel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** First messages of TLS clients, as small as they can be. */
public final class Hellos {
    private Hellos() {}

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /** A hello in one record, without what is left empty. */
    public static byte[] of(String name, String protocols, int version) {
        String extensions = "";
        if (!name.isEmpty()) {
            extensions += "0000" + v16(v16("00" + v16(text(name))));
        }
        if (!protocols.isEmpty()) {
            StringBuilder list = new StringBuilder();
            for (String protocol : protocols.split(" ", -1)) {
                list.append("%02x".formatted(protocol.length())).append(text(protocol));
            }
            extensions += "0010" + v16(v16(list.toString()));
        }
        return record(version, extensions);
    }

    /** A hello of that length, in as many records as that takes. */
    static byte[] ofLength(int length) {
        int fixed = record(0x0303, "ff01" + v16("")).length - 9; // without headers of record and message
        byte[] whole = record(0x0303, "ff01" + v16("00".repeat(length - fixed)));
        byte[] message = Arrays.copyOfRange(whole, 5, whole.length);
        ByteBuffer records = ByteBuffer.allocate(message.length + 10);
        int half = message.length / 2;
        records.put(new byte[] {22, 3, 1}).putShort((short) half).put(message, 0, half);
        records.put(new byte[] {22, 3, 1})
                .putShort((short) (message.length - half))
                .put(message, half, message.length - half);
        return records.array();
    }

    private static byte[] record(int version, String extensions) {
        String body = "%04x".formatted(version) + "00".repeat(32) + "00" + v16("1301c02bc013") + "0100"
                + (extensions.isEmpty() ? "" : v16(extensions));
        String message = "01%06x".formatted(body.length() / 2) + body;
        return bytes("160301" + "%04x".formatted(Math.min(message.length() / 2, 0xffff)) + message);
    }

    private static String v16(String hex) {
        return "%04x".formatted(hex.length() / 2) + hex;
    }

    private static String text(String ascii) {
        return HexFormat.of().formatHex(ascii.getBytes(StandardCharsets.US_ASCII));
    }
}
