package dev.headgate.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.resolve.DnsResponse.Kind;
import dev.headgate.testkit.dns.DnsAsked;
import dev.headgate.testkit.dns.DnsMessage;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One row per rule: a message, and what it says about a query for {@code www.example.com}. */
class ResponseDecoderTest {
    private static final int ID = 0xBEEF;
    private static final int ANSWERS_MAX = 64;
    private static final String NAME = "www.example.com";

    /** A message, by what it shows, where that is written, and what comes of it. */
    record Case(String id, String section, byte[] message, String outcome) {
        @Override
        public String toString() {
            return id + " (" + section + ")";
        }
    }

    private static DnsQuery query(DnsType type) {
        return new DnsQuery(ID, DnsNameTest.name(NAME), type);
    }

    private static DnsMessage answer() {
        return DnsMessage.answer(ID, NAME, DnsMessage.A);
    }

    private static Case of(String id, String section, DnsMessage message, String outcome) {
        return new Case(id, section, message.bytes(), outcome);
    }

    private static String text(DnsResponse response) {
        String records = Stream.concat(
                        response.addresses().stream().map(InetAddress::getHostAddress),
                        response.services().stream()
                                .map(s -> s.priority() + " " + s.weight() + " " + s.port() + " " + s.target()))
                .collect(Collectors.joining(", "));
        return response.kind()
                + (response.violation() == null ? "" : " " + response.violation())
                + (records.isEmpty() ? "" : " " + records)
                + (response.ttlSeconds() == DnsResponse.UNKNOWN ? "" : " for " + response.ttlSeconds());
    }

    private static DnsResponse decode(byte[] message, DnsType type) {
        ByteBuffer lent = ByteBuffer.wrap(message);
        DnsResponse response = ResponseDecoder.decode(lent, query(type), ANSWERS_MAX);
        assertEquals(0, lent.position());
        assertEquals(message.length, lent.limit());
        return response;
    }

    static List<Case> addresses() {
        List<Case> cases = new ArrayList<>();
        cases.add(of("one address", "1035 3.4.1", answer().a(NAME, 60, "192.0.2.1"), "ANSWER 192.0.2.1 for 60"));
        cases.add(of(
                "each once, the least time",
                "2181 5.2",
                answer().a(NAME, 60, "192.0.2.1", "192.0.2.2").a(NAME, 30, "192.0.2.1"),
                "ANSWER 192.0.2.1, 192.0.2.2 for 30"));
        cases.add(of("time 0", "1035 3.2.1", answer().a(NAME, 0, "192.0.2.1"), "ANSWER 192.0.2.1 for 0"));
        cases.add(of(
                "time with its highest bit",
                "2181 8",
                answer().a(NAME, 0x8000_0000L, "192.0.2.1"),
                "ANSWER 192.0.2.1 for 0"));
        cases.add(of(
                "names in any case",
                "4343 3",
                DnsMessage.answer(ID, "wWw.Example.COM", DnsMessage.A).a("WWW.example.com", 60, "192.0.2.1"),
                "ANSWER 192.0.2.1 for 60"));
        cases.add(of(
                "names in full",
                "1035 4.1.4",
                answer().a(NAME, 60, "192.0.2.1").uncompressed(),
                "ANSWER 192.0.2.1 for 60"));
        cases.add(of(
                "behind aliases",
                "1034 3.6.2",
                answer().cname(NAME, 50, "a.example")
                        .cname("a.example", 40, "b.example")
                        .a("b.example", 60, "192.0.2.1"),
                "ANSWER 192.0.2.1 for 40"));
        cases.add(of(
                "behind aliases in any order",
                "1034 3.6.2",
                answer().a("b.example", 60, "192.0.2.1")
                        .cname("a.example", 40, "b.example")
                        .cname(NAME, 50, "a.example"),
                "ANSWER 192.0.2.1 for 40"));
        cases.add(of(
                "of another name",
                "2181 5.4.1",
                answer().a("other.example", 60, "192.0.2.66").a(NAME, 60, "192.0.2.1"),
                "ANSWER 192.0.2.1 for 60"));
        cases.add(of("of another name alone", "2181 5.4.1", answer().a("other.example", 60, "192.0.2.66"), "NO_DATA"));
        cases.add(of(
                "among what is additional",
                "2181 5.4.1",
                answer().record(2, NAME, DnsMessage.A, 1, 60, new byte[] {1, 2, 3, 4}),
                "NO_DATA"));
        cases.add(of(
                "of another class",
                "1035 3.2.4",
                answer().record(0, NAME, DnsMessage.A, 3, 60, new byte[] {1, 2, 3, 4}),
                "NO_DATA"));
        cases.add(of(
                "beside others",
                "1035 3.6",
                answer().record(0, NAME, 16, 1, 60, new byte[] {1, 'x'}).a(NAME, 60, "192.0.2.1"),
                "ANSWER 192.0.2.1 for 60"));
        cases.add(of(
                "alias twice",
                "2181 10.1",
                answer().cname(NAME, 60, "a.example")
                        .cname(NAME, 60, "a.example")
                        .a("a.example", 60, "192.0.2.1"),
                "ANSWER 192.0.2.1 for 60"));
        cases.add(
                of("with EDNS", "6891 6.1.1", answer().a(NAME, 60, "192.0.2.1").options(0), "ANSWER 192.0.2.1 for 60"));
        return cases;
    }

    static List<Case> absences() {
        List<Case> cases = new ArrayList<>();
        cases.add(of("no such name", "2308 2.1", answer().code(3).soa("example.com", 90, 60), "NO_SUCH_NAME for 60"));
        cases.add(of(
                "no such name, record sooner", "2308 5", answer().code(3).soa("com", 50, 60), "NO_SUCH_NAME for 50"));
        cases.add(of("no such name, of the root", "2308 2.1", answer().code(3).soa("", 50, 60), "NO_SUCH_NAME for 50"));
        cases.add(of("no such name, untold", "2308 2.1", answer().code(3), "NO_SUCH_NAME"));
        cases.add(of("of a foreign zone", "2308 2.1", answer().code(3).soa("example.org", 90, 60), "NO_SUCH_NAME"));
        cases.add(of("address of no such name", "2308 2.1", answer().code(3).a(NAME, 60, "192.0.2.1"), "NO_SUCH_NAME"));
        cases.add(of(
                "no such name behind an alias",
                "2308 2.1",
                answer().code(3).cname(NAME, 20, "a.example.org").soa("example.org", 90, 60),
                "NO_SUCH_NAME for 20"));
        cases.add(of("no data", "2308 2.2", answer().soa("example.com", 90, 60), "NO_DATA for 60"));
        cases.add(of("no data, untold", "2308 2.2", answer(), "NO_DATA"));
        cases.add(of(
                "no data by the zone's own", "2308 2.2", answer().without(0x80).with(0x400), "NO_DATA"));
        cases.add(of("referral", "1034 4.3.1", answer().without(0x80), "SERVER_FAILURE"));
        cases.add(of("failure", "1035 4.1.1", answer().code(2), "SERVER_FAILURE"));
        cases.add(of("refusal", "1035 4.1.1", answer().code(5), "REFUSED"));
        cases.add(of("format error", "1035 4.1.1", answer().code(1), "NOT_UNDERSTOOD"));
        cases.add(of("format error alone", "1035 4.1.1", DnsMessage.bare(ID).code(1), "NOT_UNDERSTOOD"));
        cases.add(of("not implemented alone", "1035 4.1.1", DnsMessage.bare(ID).code(4), "NOT_UNDERSTOOD"));
        cases.add(of("failure alone", "1035 4.1.1", DnsMessage.bare(ID).code(2), "SERVER_FAILURE"));
        cases.add(of("refusal alone", "1035 4.1.1", DnsMessage.bare(ID).code(5), "REFUSED"));
        cases.add(of("no such name alone", "5452 9.1", DnsMessage.bare(ID).code(3), "FOREIGN"));
        cases.add(of("bad version", "6891 9", answer().options(1), "NOT_UNDERSTOOD"));
        cases.add(of("unknown code", "1035 4.1.1", answer().code(9), "SERVER_FAILURE"));
        cases.add(of("unknown extended code", "6891 6.1.3", answer().options(2), "SERVER_FAILURE"));
        cases.add(of("truncated", "1035 4.1.1", answer().truncated().a(NAME, 60, "192.0.2.1"), "TRUNCATED"));
        cases.add(new Case(
                "truncated within a record",
                "1035 4.1.1",
                cut(answer().truncated().a(NAME, 60, "192.0.2.1").bytes(), 3),
                "TRUNCATED"));
        return cases;
    }

    static List<Case> foreign() {
        List<Case> cases = new ArrayList<>();
        DnsMessage good = answer().a(NAME, 60, "192.0.2.1");
        cases.add(of(
                "another number", "5452 9.1", DnsMessage.answer(ID ^ 1, NAME, 1).a(NAME, 60, "192.0.2.1"), "FOREIGN"));
        cases.add(of("another name", "5452 9.1", DnsMessage.answer(ID, "ww.example.com", 1), "FOREIGN"));
        cases.add(of("another type", "5452 9.1", DnsMessage.answer(ID, NAME, DnsMessage.AAAA), "FOREIGN"));
        cases.add(of("another class", "5452 9.1", DnsMessage.bare(ID).questionOfClass(NAME, 1, 3), "FOREIGN"));
        cases.add(of("no question", "5452 9.1", DnsMessage.bare(ID), "FOREIGN"));
        cases.add(of("two questions", "9619 1", answer().question(NAME, 1), "FOREIGN"));
        cases.add(of("a query", "1035 4.1.1", answer().without(0x8000), "FOREIGN"));
        cases.add(of("another operation", "1035 4.1.1", answer().with(0x2800), "FOREIGN"));
        cases.add(new Case("empty", "1035 4.1.1", new byte[0], "FOREIGN"));
        cases.add(new Case("part of a header", "1035 4.1.1", Arrays.copyOf(good.bytes(), 11), "FOREIGN"));
        cases.add(new Case("part of a question", "1035 4.1.2", Arrays.copyOf(good.bytes(), 30), "FOREIGN"));
        cases.add(new Case("a name alone", "1035 4.1.2", Arrays.copyOf(good.bytes(), 12 + 17 + 3), "FOREIGN"));
        return cases;
    }

    static List<Case> malformed() {
        List<Case> cases = new ArrayList<>();
        byte[] address = {(byte) 192, 0, 2, 1};
        byte[] good = answer().a(NAME, 60, "192.0.2.1").bytes();
        cases.add(new Case("cut within an address", "1035 4.1.3", cut(good, 1), "MALFORMED CUT"));
        cases.add(new Case("cut within a record", "1035 4.1.3", cut(good, 5), "MALFORMED CUT"));
        cases.add(new Case("cut before a record", "1035 4.1.3", cut(good, 16), "MALFORMED CUT"));
        cases.add(new Case("cut within a pointer", "1035 4.1.4", cut(good, 15), "MALFORMED CUT"));
        cases.add(record("pointer to itself", "1035 4.1.4", new byte[] {(byte) 0xC0, 33}, address, "POINTER_FORWARD"));
        cases.add(record("pointer ahead", "1035 4.1.4", new byte[] {(byte) 0xC0, 34}, address, "POINTER_FORWARD"));
        cases.add(record(
                "pointer loop by way of a label",
                "1035 4.1.4",
                new byte[] {1, 'a', (byte) 0xC0, 33},
                address,
                "POINTER_FORWARD"));
        cases.add(record(
                "pointer into the header", "1035 4.1.4", new byte[] {(byte) 0xC0, 11}, address, "POINTER_FORWARD"));
        cases.add(record(
                "label of a kind that was given up", "6891 5", new byte[] {0x41, 'a', 0}, address, "LABEL_KIND"));
        cases.add(record("label of no kind", "1035 4.1.4", new byte[] {(byte) 0x80, 'a', 0}, address, "LABEL_KIND"));
        cases.add(record("short address", "1035 3.4.1", new byte[] {(byte) 0xC0, 12}, new byte[3], "DATA_LENGTH"));
        cases.add(record("long address", "1035 3.4.1", new byte[] {(byte) 0xC0, 12}, new byte[5], "DATA_LENGTH"));
        cases.add(of(
                "address of another family with the wrong length",
                "3596 2.2",
                answer().record(0, NAME, DnsMessage.AAAA, 1, 60, address),
                "MALFORMED DATA_LENGTH"));
        cases.add(of(
                "alias with bytes behind it",
                "1035 3.3.1",
                answer().record(0, NAME, DnsMessage.CNAME, 1, 60, new byte[] {1, 'a', 0, 0}),
                "MALFORMED DATA_LENGTH"));
        cases.add(of(
                "alias that goes beyond its content",
                "1035 3.3.1",
                answer().record(0, NAME, DnsMessage.CNAME, 1, 60, new byte[] {5, 'a'})
                        .a("b", 60, "192.0.2.1"),
                "MALFORMED CUT"));
        cases.add(of("alias to itself", "1034 3.6.2", answer().cname(NAME, 60, NAME), "MALFORMED ALIAS_CHAIN"));
        cases.add(of(
                "aliases in a loop",
                "1034 3.6.2",
                answer().cname(NAME, 60, "a.example")
                        .cname("a.example", 60, "b.example")
                        .cname("b.example", 60, NAME),
                "MALFORMED ALIAS_CHAIN"));
        cases.add(of(
                "two aliases",
                "2181 10.1",
                answer().cname(NAME, 60, "a.example")
                        .cname(NAME, 60, "b.example")
                        .a("a.example", 60, "192.0.2.1"),
                "MALFORMED SEVERAL_ALIASES"));
        cases.add(of(
                "two options",
                "6891 6.1.1",
                answer().a(NAME, 60, "192.0.2.1").options(0).options(0),
                "MALFORMED SEVERAL_OPTIONS"));
        cases.add(of(
                "a zone's word with a number too few",
                "1035 3.3.13",
                answer().code(3).record(1, "com", DnsMessage.SOA, 1, 60, new byte[18]),
                "MALFORMED DATA_LENGTH"));
        cases.add(of(
                "a zone's word that is cut",
                "1035 3.3.13",
                answer().code(3).record(1, "com", DnsMessage.SOA, 1, 60, new byte[] {5}),
                "MALFORMED CUT"));
        return cases;
    }

    private static byte[] cut(byte[] message, int bytes) {
        return Arrays.copyOf(message, message.length - bytes);
    }

    /** An answer whose only record, at 33, has these bytes for a name. */
    private static Case record(String id, String section, byte[] name, byte[] data, String violation) {
        byte[] head = answer().bytes();
        ByteBuffer message = ByteBuffer.allocate(head.length + name.length + 10 + data.length);
        assertEquals(33, head.length);
        message.put(head).put(name).putShort((short) 1).putShort((short) 1).putInt(60);
        message.putShort((short) data.length).put(data);
        message.putShort(DnsHeader.ANSWERS, (short) 1);
        return new Case(id, section, message.array(), "MALFORMED " + violation);
    }

    @ParameterizedTest
    @MethodSource({"addresses", "absences", "foreign", "malformed"})
    void saysWhatTheMessageSays(Case each) {
        assertEquals(each.outcome(), text(decode(each.message(), DnsType.A)));
    }

    /** Buffers are lent in any place of any memory. */
    @ParameterizedTest
    @MethodSource({"addresses", "absences", "foreign", "malformed"})
    void saysTheSameWhereverTheBytesAre(Case each) {
        ByteBuffer direct = ByteBuffer.allocateDirect(each.message().length + 20);
        direct.position(7).put(each.message()).limit(direct.position()).position(7);
        assertEquals(each.outcome(), text(ResponseDecoder.decode(direct, query(DnsType.A), ANSWERS_MAX)));
        assertEquals(7, direct.position());
    }

    @Test
    void readsAddressesOfTheOtherFamily() {
        DnsMessage message = DnsMessage.answer(ID, NAME, DnsMessage.AAAA)
                .aaaa(NAME, 60, "2001:db8::1")
                .a(NAME, 60, "192.0.2.1");
        assertEquals("ANSWER 2001:db8:0:0:0:0:0:1 for 60", text(decode(message.bytes(), DnsType.AAAA)));
    }

    @Test
    void readsServices() {
        DnsMessage message = DnsMessage.answer(ID, NAME, DnsMessage.SRV)
                .srv(NAME, 60, 1, 2, 8080, "a.example")
                .srv(NAME, 50, 0, 65_535, 443, "B.example");
        assertEquals(
                "ANSWER 1 2 8080 a.example, 0 65535 443 b.example for 50", text(decode(message.bytes(), DnsType.SRV)));
    }

    @Test
    void readsServicesWithCompressedTargets() {
        byte[] data = {0, 1, 0, 2, 0, 80, (byte) 0xC0, 12};
        DnsMessage message = DnsMessage.answer(ID, NAME, DnsMessage.SRV).record(0, NAME, DnsMessage.SRV, 1, 60, data);
        assertEquals("ANSWER 1 2 80 www.example.com for 60", text(decode(message.bytes(), DnsType.SRV)));
    }

    @ParameterizedTest
    @CsvSource({"6, DATA_LENGTH", "5, DATA_LENGTH", "8, DATA_LENGTH"})
    void refusesServicesOfTheWrongLength(int length, String violation) {
        DnsMessage message =
                DnsMessage.answer(ID, NAME, DnsMessage.SRV).record(0, NAME, DnsMessage.SRV, 1, 60, new byte[length]);
        assertEquals("MALFORMED " + violation, text(decode(message.bytes(), DnsType.SRV)));
    }

    @ParameterizedTest
    @CsvSource({"63, 63", "64, 64", "65, 64", "1000, 64"})
    void takesSoManyAddressesAndLeavesTheRest(int there, int taken) {
        DnsMessage message = answer();
        for (int i = 0; i < there; i++) {
            message.a(NAME, 60, "10.0." + (i >> 8) + "." + (i & 255));
        }
        assertEquals(taken, decode(message.bytes(), DnsType.A).addresses().size());
    }

    @ParameterizedTest
    @CsvSource({"2047, ANSWER", "2048, ANSWER", "2049, MALFORMED"})
    void readsSoManyRecordsAndNoMore(int there, Kind kind) {
        DnsMessage message = answer();
        for (int i = 0; i < there; i++) {
            message.a(NAME, 60, "192.0.2.1");
        }
        assertEquals(kind, decode(message.bytes(), DnsType.A).kind());
    }

    @ParameterizedTest
    @CsvSource({"15, ANSWER", "16, ANSWER", "17, MALFORMED"})
    void followsSoManyAliasesAndNoMore(int aliases, Kind kind) {
        DnsMessage message = answer();
        String name = NAME;
        for (int i = 0; i < aliases; i++) {
            message.cname(name, 60, "a" + i + ".example");
            name = "a" + i + ".example";
        }
        assertEquals(
                kind,
                decode(message.a(name, 60, "192.0.2.1").bytes(), DnsType.A).kind());
    }

    /** Four labels of 63 bytes would be a byte too many; a pointer hides where they come from. */
    @ParameterizedTest
    @CsvSource({"61, ANSWER", "62, MALFORMED"})
    void namesAreBoundedAcrossPointers(int last, Kind kind) {
        String tail = ("a".repeat(63) + ".").repeat(3);
        DnsMessage message = answer().a("x." + tail, 60, "192.0.2.2").a(NAME, 60, "192.0.2.1");
        message.a("b".repeat(last - 2 + 2) + "." + tail, 60, "192.0.2.3");
        assertEquals(kind, decode(message.bytes(), DnsType.A).kind());
    }

    /** Names whose walk is long: a pointer to a pointer to a pointer, and thousands of records that begin there. */
    @Test
    void endsWithoutAnAnswerWhereTheWorkIsTooMuch() {
        byte[] ladder = new byte[4000];
        for (int i = 2; i < ladder.length; i += 2) {
            int target = 44 + i - 2; // the step before
            ladder[i] = (byte) (0xC0 | target >> 8);
            ladder[i + 1] = (byte) target;
        }
        DnsMessage message = DnsMessage.answer(ID, NAME, DnsMessage.A).record(0, "", 16, 1, 60, ladder);
        byte[] head = message.bytes();
        int records = 2000;
        ByteBuffer whole = ByteBuffer.allocate(head.length + records * 16);
        whole.put(head);
        int top = 44 + ladder.length - 2;
        for (int i = 0; i < records; i++) {
            whole.putShort((short) (0xC000 | top))
                    .putShort((short) 1)
                    .putShort((short) 1)
                    .putInt(60);
            whole.putShort((short) 4).putInt(i);
        }
        whole.putShort(DnsHeader.ANSWERS, (short) (records + 1));
        assertEquals("MALFORMED WORK", text(decode(whole.array(), DnsType.A)));
    }

    @ParameterizedTest
    @EnumSource(DnsType.class)
    void queriesAreReadAsTheyWereMeant(DnsType type) {
        for (DnsQuery.Extension extension : DnsQuery.Extension.values()) {
            ByteBuffer out = ByteBuffer.allocate(DnsQuery.BYTES_MAX);
            query(type).encode(out, extension);
            boolean hasOptions = extension == DnsQuery.Extension.EDNS;
            assertEquals(
                    new DnsAsked(ID, NAME, type.code(), hasOptions, hasOptions ? 1232 : 512),
                    DnsAsked.read(Arrays.copyOf(out.array(), out.position())));
        }
    }

    @Test
    void longestQueryHasRoom() {
        DnsName name = DnsNameTest.name(("a".repeat(63) + ".").repeat(3) + "b".repeat(61));
        ByteBuffer out = ByteBuffer.allocate(DnsQuery.BYTES_MAX);
        new DnsQuery(1, name, DnsType.AAAA).encode(out, DnsQuery.Extension.EDNS);
        assertEquals(0, out.remaining());
        assertTrue(out.position() < 512, "fits wherever queries go");
    }
}
