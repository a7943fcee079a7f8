package dev.headgate.testkit.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A query, as a server reads it.
 *
 * @param name with a dot between labels and none at the end, as it was written
 * @param answerBytes what the asker takes over UDP: 512 without EDNS
 */
public record DnsAsked(int id, String name, int type, boolean hasOptions, int answerBytes) {
    private static final int OPT = 41;

    /** Reads a query of one question, without compression. */
    public static DnsAsked read(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        int id = in.getShort() & 0xFFFF;
        int flags = in.getShort() & 0xFFFF;
        int questions = in.getShort();
        int others = in.getShort() + in.getShort();
        int additional = in.getShort();
        if ((flags & ~0x0100) != 0 || questions != 1 || others != 0 || additional > 1) {
            throw new AssertionError("no query: flags=" + flags + ", questions=" + questions);
        }
        String name = name(in);
        int type = in.getShort() & 0xFFFF;
        if (in.getShort() != 1) {
            throw new AssertionError("not of the Internet");
        }
        int answerBytes = 512;
        if (additional == 1) {
            if (in.get() != 0 || in.getShort() != OPT) {
                throw new AssertionError("other than an option");
            }
            answerBytes = in.getShort() & 0xFFFF;
            in.getInt();
            in.position(in.position() + 2 + in.getShort(in.position()));
        }
        if (in.hasRemaining()) {
            throw new AssertionError("bytes behind the query: " + in.remaining());
        }
        return new DnsAsked(id, name, type, additional == 1, answerBytes);
    }

    private static String name(ByteBuffer in) {
        List<String> labels = new ArrayList<>();
        for (int length = in.get(); length > 0; length = in.get()) {
            byte[] label = new byte[length];
            in.get(label);
            labels.add(new String(label, StandardCharsets.ISO_8859_1));
        }
        return String.join(".", labels);
    }
}
