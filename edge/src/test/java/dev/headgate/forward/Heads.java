package dev.headgate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.engine.io.Chance;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Heads as the decoder makes them, retained in a store with room, and what is in them afterwards. */
final class Heads {
    static final int ROOM = 32 * 1024;

    /** Chance that counts up: request ids are 0, 1, 2, … in sixteen digits each. */
    static final class Counter implements Chance {
        private long next;

        @Override
        public long nextLong() {
            return next++;
        }

        @Override
        public int nextInt(int bound) {
            return (int) (next++ % bound);
        }
    }

    private Heads() {}

    /** A GET request for {@code http://example.com/} with these field lines. */
    static RequestHead request(String... lines) {
        return decode("GET / HTTP/1.1\r\nHost: example.com\r\n" + lines(lines) + "\r\n", ROOM);
    }

    static RequestHead decode(String text, int room) {
        ByteBuffer source = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        RequestHead head = new RequestHead();
        assertEquals(Decode.COMPLETE, new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(source, head), text);
        head.retain(ByteBuffer.allocateDirect(head.headLength() + room));
        return head;
    }

    private static String lines(String... lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append("\r\n");
        }
        return text.toString();
    }

    /** A section of its own, as of a response, with these field lines. */
    static FieldSection section(String... lines) {
        FieldSection fields = new FieldSection();
        fields.startIn(ByteBuffer.allocateDirect(ROOM));
        for (String line : lines) {
            String[] parts = line.split(": ?", 2);
            fields.add(bytes(parts[0]), bytes(parts[1]));
        }
        return fields;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The values of a known field, line by line. */
    static List<String> values(FieldSection fields, int id) {
        List<String> values = new ArrayList<>();
        for (int i = fields.find(id); i >= 0; i = fields.findNext(id, i)) {
            values.add(fields.value(i));
        }
        return values;
    }

    static String forwardedFor(RequestHead head) {
        return String.join("|", values(head.fields(), Field.X_FORWARDED_FOR));
    }

    static String forwarded(RequestHead head) {
        return String.join("|", values(head.fields(), Field.FORWARDED));
    }

    static PeerAddress peer(String address) {
        try {
            return PeerAddress.of(InetAddress.getByName(address)); // literals only: nothing is resolved
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static String text(IpAddress address) {
        ByteBuffer out = ByteBuffer.allocate(IpText.LENGTH_MAX);
        address.writeTo(out);
        return new String(out.array(), 0, out.position(), StandardCharsets.US_ASCII);
    }
}
