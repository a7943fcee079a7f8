package dev.headgate.http.hpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.FieldSection;
import dev.headgate.testkit.AllocationMeter;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class HpackEncoderTest {
    private final HpackEncoder encoder = new HpackEncoder(4096);
    private final ByteBuffer out = ByteBuffer.allocate(8000);

    private String encode(String... namesAndValues) {
        var fields = new FieldSection();
        fields.startIn(ByteBuffer.allocate(8000));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            assertTrue(fields.add(Wire.bytes(namesAndValues[i]), Wire.bytes(namesAndValues[i + 1])));
        }
        return encode(fields);
    }

    private String encode(FieldSection fields) {
        out.clear();
        encoder.begin(out);
        for (int i = 0; i < fields.count(); i++) {
            encoder.field(out, fields, i);
        }
        return HexFormat.of().formatHex(out.array(), 0, out.position());
    }

    @Test
    void putsIntoTheTableWhatComesTwice() {
        String first = encode("Server", "origin");
        assertTrue(first.startsWith("0f27"), first);
        String second = encode("Server", "origin");
        assertTrue(second.startsWith("76"), second);
        assertEquals("be", encode("server", "origin"));
        assertEquals(6, encode("Server", "other").substring(0, 6).length());
        encode("X-One", "1");
        encode("x-one", "1");
        assertEquals("bebf", encode("X-ONE", "1", "Server", "origin"));
        assertTrue(encode("x-one", "2").startsWith("0f2f"), "the name comes from the table");
    }

    @Test
    void theFieldsOfAHeadDoNotDriveEachOtherOut() {
        String[] many = new String[80];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = "sec-name-" + i;
            many[i + 1] = "value " + i;
        }
        for (int i = 0; i < 8; i++) {
            encode(many);
        }
        assertEquals(many.length, encode(many).length(), "a byte for each, in hexadecimal");
    }

    @Test
    void takesWhatTheStaticTableHas() {
        assertEquals("90", encode("Accept-Encoding", "gzip, deflate"));
        out.clear();
        HpackEncoder.status(out, 200);
        HpackEncoder.status(out, 404);
        HpackEncoder.status(out, 302);
        assertEquals("888d08826402", HexFormat.of().formatHex(out.array(), 0, out.position()));
        out.clear();
        encoder.known(out, HpackName.PATH, ByteBuffer.wrap(Wire.bytes("/")), 0, 1);
        assertEquals("84", HexFormat.of().formatHex(out.array(), 0, out.position()));
    }

    @Test
    void neverPutsSecretsIntoATable() {
        for (String[] secret : List.of(
                new String[] {"Authorization", "Basic Zm9v"},
                new String[] {"proxy-authorization", "x"},
                new String[] {"cookie", "a=b"},
                new String[] {"Set-Cookie", "a=b"},
                new String[] {"x-api-key", "short"},
                new String[] {"x-custom", "3f786850e387550fdab836ed7e6dc881de23001b"})) {
            String first = encode(secret);
            assertEquals(first, encode(secret));
            assertEquals(first, encode(secret));
            assertTrue(first.startsWith("1"), first);
        }
    }

    @Test
    void leavesWhatChangesToItsMessage() {
        String first = encode("etag", "\"1\"", "content-length", "17");
        assertEquals(first, encode("etag", "\"1\"", "content-length", "17"));
        assertEquals(first, encode("etag", "\"1\"", "content-length", "17"));
    }

    @Test
    void keepsWhatCameAsNeverIndexed() {
        var fields = new FieldSection();
        fields.startIn(ByteBuffer.allocate(100));
        fields.add(Wire.bytes("x-plain"), Wire.bytes("1"));
        encode(fields);
        encode(fields);
        assertEquals("be", encode(fields));
        fields.neverIndex(0);
        assertTrue(fields.isNeverIndexed(0));
        assertTrue(encode(fields).startsWith("10"));
    }

    @Test
    void announcesSizesThatThePeerHasToHearOf() {
        assertEquals("", encode());
        encoder.peerTableLimit(100);
        assertEquals("3f45", encode());
        assertEquals("", encode());
        encoder.peerTableLimit(0);
        encoder.peerTableLimit(200);
        assertEquals("203fa901", encode(), "down to nothing, then up");
        encoder.peerTableLimit(-1);
        assertEquals(4096, encoder.tableBytesMax(), "4 GiB are refused kindly");
        assertEquals("3fe11f", encode());
        encoder.peerTableLimit(65_536);
        assertEquals("", encode());
        var small = new HpackEncoder(0);
        out.clear();
        small.begin(out);
        assertEquals("20", HexFormat.of().formatHex(out.array(), 0, out.position()));
    }

    @Test
    void leavesNoGarbage() {
        var fields = new FieldSection();
        fields.startIn(ByteBuffer.allocateDirect(4000));
        fields.add(Wire.bytes("server"), Wire.bytes("origin"));
        fields.add(Wire.bytes("x-custom"), Wire.bytes("some value"));
        fields.add(Wire.bytes("content-type"), Wire.bytes("text/html"));
        fields.add(Wire.bytes("content-length"), Wire.bytes("1234"));
        fields.add(Wire.bytes("set-cookie"), Wire.bytes("a=b; Secure"));
        var decoder = new HpackDecoder();
        ByteBuffer direct = ByteBuffer.allocateDirect(4000);
        ByteBuffer store = ByteBuffer.allocateDirect(Blocks.LIMITS.storeBytes());
        HpackSink sink = (id, flags, offset, nameLength, valueLength) -> offset + nameLength + valueLength + 4;
        for (int i = 0; i < 60_000; i++) {
            roundTrip(fields, decoder, direct, store, sink);
        }
        var meter = AllocationMeter.start(Thread.currentThread().threadId());
        for (int i = 0; i < 100_000; i++) {
            roundTrip(fields, decoder, direct, store, sink);
        }
        assertEquals(0, meter.bytes() / 100_000);
    }

    private void roundTrip(
            FieldSection fields, HpackDecoder decoder, ByteBuffer direct, ByteBuffer store, HpackSink sink) {
        direct.clear();
        encoder.begin(direct);
        for (int i = 0; i < fields.count(); i++) {
            encoder.field(direct, fields, i);
        }
        int answer = decoder.decode(direct, 0, direct.position(), store, 0, Blocks.LIMITS, sink);
        if (answer != HpackDecoder.COMPLETE) {
            throw new AssertionError(decoder.violation());
        }
    }
}
