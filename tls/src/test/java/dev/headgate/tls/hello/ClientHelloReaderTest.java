package dev.headgate.tls.hello;

import static dev.headgate.tls.hello.Hello.ALPN;
import static dev.headgate.tls.hello.Hello.EARLY_DATA;
import static dev.headgate.tls.hello.Hello.GROUPS;
import static dev.headgate.tls.hello.Hello.PSK;
import static dev.headgate.tls.hello.Hello.PSK_MODES;
import static dev.headgate.tls.hello.Hello.SERVER_NAME;
import static dev.headgate.tls.hello.Hello.SIGNATURES;
import static dev.headgate.tls.hello.Hello.SIGNATURES_CERT;
import static dev.headgate.tls.hello.Hello.TICKET;
import static dev.headgate.tls.hello.Hello.VERSIONS;
import static dev.headgate.tls.hello.Hello.hello;
import static dev.headgate.tls.hello.Hello.text;
import static dev.headgate.tls.hello.Hello.v16;
import static dev.headgate.tls.hello.Hello.v8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.AllocationMeter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What hellos mean, and which are refused; every vector arrives in every way of {@link Reading}. */
class ClientHelloReaderTest {
    private static final HelloLimits DEFAULTS = HelloLimits.DEFAULTS;
    private static final String IDENTITY = v16("aabb") + "00000000";
    private static final String BINDER = v8("11".repeat(32));

    /** @param outcome a violation's token, another outcome's name, or a part of the hello's text */
    record Vector(String id, byte[] wire, String outcome) {
        Vector(String id, Hello hello, String outcome) {
            this(id, hello.wire(), outcome);
        }

        Vector(String id, String hex, String outcome) {
            this(id, Hello.bytes(hex), outcome);
        }

        @Override
        public String toString() {
            return id;
        }
    }

    private static Hello psk(String content) {
        return hello().with(PSK_MODES, v8("01")).with(PSK, content);
    }

    static Stream<Vector> whatItMayBe() {
        byte[] message = hello().serverName("a.b").message();
        return Stream.of(
                new Vector("nothing", "", "NEED_MORE"),
                new Vector("GET", text("GET / HTTP/1.1\r\n"), "PLAIN_HTTP"),
                new Vector("M-SEARCH", text("M-SEARCH *"), "PLAIN_HTTP"),
                new Vector("preface of HTTP/2", text("PRI * HTTP/2.0"), "PLAIN_HTTP"),
                new Vector("part of a method", text("OPTION"), "NEED_MORE"),
                new Vector("method of 32 bytes", text("A".repeat(32) + " "), "PLAIN_HTTP"),
                new Vector("method of 33 bytes", text("A".repeat(33) + " "), "NOT_TLS"),
                new Vector("banner of SSH", text("SSH-2.0-OpenSSH_9.2\r\n"), "NOT_TLS"),
                new Vector("small letters", text("get / HTTP/1.1"), "NOT_TLS"),
                new Vector("hello of SSL 2.0", "802e010002001500000010", "SSLV2"),
                new Vector("hello of SSL 2.0 for TLS 1.0", "804601030100", "SSLV2"),
                new Vector("two bytes of SSL 2.0", "802e", "NEED_MORE"),
                new Vector("another message of SSL 2.0", "802e02", "NOT_TLS"),
                new Vector("zeros", "000000", "NOT_TLS"),
                new Vector("one byte of TLS", "16", "NEED_MORE"),
                new Vector("major version 2", "1602", "NOT_TLS"),
                new Vector("major version 4", "1604", "NOT_TLS"),
                new Vector("version of SSL 3.0 on the record", "1603000100", "NEED_MORE"),
                new Vector("any minor version on the record", "1603ff0100", "NEED_MORE"),
                new Vector("alert", "15030100020100", "tls.record.type"),
                new Vector("change cipher spec", "140303000101", "tls.record.type"),
                new Vector("application data", "17030300", "tls.record.type"),
                new Vector("byte 23 of something else", "170000", "NOT_TLS"),
                new Vector("server hello", "160301000402000000", "tls.hello.message_type"),
                new Vector("hello request", "160301000100", "tls.hello.message_type"),
                new Vector("empty record first", "1603010000", "tls.record.empty"),
                new Vector("empty record later", "160301000101 1603010000", "tls.record.empty"),
                new Vector("alert later", "160301000101 150301", "tls.record.type"),
                new Vector("odd version later", "160301000101 1602", "tls.record.version"),
                new Vector("record of 2^14 bytes", "1603014000 0100", "NEED_MORE"),
                new Vector("record of 2^14 + 1 bytes", "1603014001", "tls.record.too_long"),
                new Vector("hello of no bytes", "1603010004 01000000", "tls.hello.truncated"),
                new Vector("bytes behind in the record", "1603010006 01000001 0000", "tls.hello.not_aligned"),
                new Vector("too much in a later record", "1603010004 01000001 1603010002", "tls.hello.not_aligned"),
                new Vector("one byte missing", Arrays.copyOf(hello().wire(), hello().wire().length - 1), "NEED_MORE"),
                new Vector(
                        "early data behind", Hello.concat(hello().wire(), Hello.bytes("170303")), "legacyVersion=0303"),
                new Vector("records of one byte", Hello.records(message, 1), "serverName=a.b"),
                new Vector("records of three bytes", Hello.records(message, 3), "serverName=a.b"));
    }

    static Stream<Vector> fixedParts() {
        return Stream.of(
                new Vector("SSL 3.0", hello().version("0300"), "tls.hello.version_too_old"),
                new Vector("SSL 2.0", hello().version("0002"), "tls.hello.version_too_old"),
                new Vector("TLS 1.0", hello().version("0301"), "legacyVersion=0301"),
                new Vector("a version to come", hello().version("0305"), "legacyVersion=0305"),
                new Vector("session id of 32 bytes", hello().sessionId(v8("00".repeat(32))), "legacyVersion"),
                new Vector(
                        "session id of 33 bytes",
                        hello().sessionId(v8("00".repeat(33))),
                        "tls.hello.session_id_too_long"),
                new Vector("session id over the end", hello().sessionId("ff"), "tls.hello.truncated"),
                new Vector("no suites", hello().cipherSuites("0000"), "tls.hello.cipher_suites_length"),
                new Vector(
                        "one and a half suites", hello().cipherSuites("0003130113"), "tls.hello.cipher_suites_length"),
                new Vector("suites over the end", hello().cipherSuites("ffff"), "tls.hello.truncated"),
                new Vector("reserved suites", hello().cipherSuites(v16("0a0a1301fafac02b1a2a")), "[1301 c02b 1a2a]"),
                new Vector("only reserved suites", hello().cipherSuites(v16("0a0a")), "cipherSuites=[]"),
                new Vector("no compression", hello().compression("00"), "tls.hello.compression_length"),
                new Vector("only deflate", hello().compression("0101"), "tls.hello.compression_null_missing"),
                new Vector("deflate and null", hello().compression("020100"), "legacyVersion"),
                new Vector(
                        "deflate beside TLS 1.3",
                        hello().compression("020100").with(VERSIONS, v8("0304")),
                        "tls.hello.compression_forbidden"),
                new Vector(
                        "compression over the end",
                        hello().withoutExtensions().compression("0200"),
                        "tls.hello.truncated"),
                new Vector("no extensions", hello().withoutExtensions(), "versions=[]"),
                new Vector(
                        "half a length of extensions",
                        hello().withoutExtensions().trailing("00"),
                        "tls.hello.truncated"),
                new Vector("empty extensions", hello(), "versions=[]"),
                new Vector(
                        "extensions over the end", hello().withoutExtensions().trailing("0001"), "tls.hello.truncated"),
                new Vector("a byte behind", hello().trailing("00"), "tls.hello.trailing_bytes"),
                new Vector("half an extension type", hello().raw("00"), "tls.hello.truncated"),
                new Vector("half an extension length", hello().raw("001700"), "tls.hello.truncated"),
                new Vector("an extension of one byte", hello().raw("0017000100"), "legacyVersion"),
                new Vector("an extension one byte over the end", hello().raw("0017000200"), "tls.hello.truncated"),
                new Vector(
                        "an extension twice",
                        hello().with(TICKET, "").with(TICKET, ""),
                        "tls.hello.extension_duplicate"),
                new Vector(
                        "an unknown one twice",
                        hello().with("abcd", "").with("abcd", "00"),
                        "tls.hello.extension_duplicate"),
                new Vector("two reserved ones", hello().with("0a0a", "").with("1a1a", "00"), "legacyVersion"));
    }

    static Stream<Vector> names() {
        String label = "a".repeat(63);
        String longest = (label + ".").repeat(3) + "a".repeat(61);
        return Stream.of(
                new Vector("name in capitals", hello().serverName("WWW.Example.COM"), "serverName=www.example.com,"),
                new Vector(
                        "underscore and hyphens", hello().serverName("my_host-1.x--y"), "serverName=my_host-1.x--y,"),
                new Vector("A-label", hello().serverName("xn--bcher-kva.example"), "serverName=xn--bcher-kva.example,"),
                new Vector("label of 63", hello().serverName(label + ".b"), "serverName=aaa"),
                new Vector("label of 64", hello().serverName("a" + label), "tls.hello.server_name_invalid"),
                new Vector("name of 252", hello().serverName(longest.substring(1)), "serverName=aaa"),
                new Vector("name of 253", hello().serverName(longest), "serverName=aaa"),
                new Vector("name of 254", hello().serverName(longest + "a"), "tls.hello.server_name_invalid"),
                new Vector("empty name", hello().serverName(""), "tls.hello.server_name_invalid"),
                new Vector("a dot", hello().serverName("."), "tls.hello.server_name_invalid"),
                new Vector("trailing dot", hello().serverName("a.b."), "serverName=a.b,"),
                new Vector("one label with trailing dot", hello().serverName("A."), "serverName=a,"),
                new Vector("name of 253 with trailing dot", hello().serverName(longest + "."), "serverName=aaa"),
                new Vector("two trailing dots", hello().serverName("a.."), "tls.hello.server_name_invalid"),
                new Vector("two dots", hello().serverName(".."), "tls.hello.server_name_invalid"),
                new Vector("number with trailing dot", hello().serverName("1."), "tls.hello.server_name_invalid"),
                new Vector("leading dot", hello().serverName(".a"), "tls.hello.server_name_invalid"),
                new Vector("empty label", hello().serverName("a..b"), "tls.hello.server_name_invalid"),
                new Vector("NUL", hello().serverName("a.b\0.c"), "tls.hello.server_name_invalid"),
                new Vector("blank", hello().serverName("a b"), "tls.hello.server_name_invalid"),
                new Vector("port", hello().serverName("a:443"), "tls.hello.server_name_invalid"),
                new Vector(
                        "name of letters, and port", hello().serverName("host:443"), "tls.hello.server_name_invalid"),
                new Vector("slash", hello().serverName("a/b"), "tls.hello.server_name_invalid"),
                new Vector("star", hello().serverName("*.a"), "tls.hello.server_name_invalid"),
                new Vector("at sign", hello().serverName("a@b"), "tls.hello.server_name_invalid"),
                new Vector("address in brackets", hello().serverName("[::1]"), "serverName=(address)"),
                new Vector("zone", hello().serverName("fe80::1%eth0"), "serverName=(address)"),
                new Vector("zone in brackets", hello().serverName("[fe80::1%25en_0.1]"), "serverName=(address)"),
                new Vector("empty zone", hello().serverName("fe80::1%"), "tls.hello.server_name_invalid"),
                new Vector("blank in zone", hello().serverName("fe80::1%e 0"), "tls.hello.server_name_invalid"),
                new Vector("zone of a name", hello().serverName("a.b%eth0"), "tls.hello.server_name_invalid"),
                new Vector("bracket open", hello().serverName("[::1"), "tls.hello.server_name_invalid"),
                new Vector("bracket closed", hello().serverName("::1]"), "tls.hello.server_name_invalid"),
                new Vector("brackets", hello().serverName("[]"), "tls.hello.server_name_invalid"),
                new Vector("IPv4 in brackets", hello().serverName("[192.0.2.1]"), "tls.hello.server_name_invalid"),
                new Vector("brackets and port", hello().serverName("[::1]:443"), "tls.hello.server_name_invalid"),
                new Vector("IPv4 with trailing dot", hello().serverName("192.0.2.1."), "serverName=(address)"),
                new Vector(
                        "byte of 0x80 and above", hello().serverName("b\u00fccher"), "tls.hello.server_name_invalid"),
                new Vector("IPv4 address", hello().serverName("192.0.2.1"), "serverName=(address)"),
                new Vector("IPv4 address of 256", hello().serverName("192.0.2.256"), "tls.hello.server_name_invalid"),
                new Vector("three octets", hello().serverName("192.0.2"), "tls.hello.server_name_invalid"),
                new Vector("a number", hello().serverName("3221225985"), "tls.hello.server_name_invalid"),
                new Vector("IPv6 address", hello().serverName("2001:db8::1"), "serverName=(address)"),
                new Vector("mapped address", hello().serverName("::ffff:192.0.2.1"), "serverName=(address)"),
                new Vector(
                        "two names",
                        hello().with(SERVER_NAME, v16("000001610000" + "0162")),
                        "tls.hello.server_name_duplicate"),
                new Vector(
                        "address and name",
                        hello().with(SERVER_NAME, v16("00" + v16(text("1.2.3.4")) + "00000161")),
                        "tls.hello.server_name_duplicate"),
                new Vector("another type", hello().with(SERVER_NAME, v16("01000161")), "tls.hello.server_name_type"),
                new Vector(
                        "another type behind",
                        hello().with(SERVER_NAME, v16("0000016101000162")),
                        "tls.hello.server_name_type"),
                new Vector("empty list", hello().with(SERVER_NAME, "0000"), "tls.hello.server_name_length"),
                new Vector("no list", hello().with(SERVER_NAME, ""), "tls.hello.server_name_length"),
                new Vector("list too short", hello().with(SERVER_NAME, "000300000161"), "tls.hello.server_name_length"),
                new Vector("list too long", hello().with(SERVER_NAME, "000500000161"), "tls.hello.server_name_length"),
                new Vector(
                        "name over the end",
                        hello().with(SERVER_NAME, v16("00000261")),
                        "tls.hello.server_name_length"),
                new Vector(
                        "name cut in its length",
                        hello().with(SERVER_NAME, v16("0000")),
                        "tls.hello.server_name_length"));
    }

    static Stream<Vector> lists() {
        return Stream.of(
                new Vector("two protocols", hello().protocols("h2", "http/1.1"), "protocols=[h2 http/1.1]"),
                new Vector("a reserved protocol", hello().protocols("\u001a\u001a", "h2"), "protocols=[h2]"),
                new Vector("a protocol of 255 bytes", hello().protocols("p".repeat(255)), "protocols=[ppp"),
                new Vector("an empty protocol", hello().protocols("h2", ""), "tls.hello.alpn_name_empty"),
                new Vector("no protocols", hello().protocols(), "tls.hello.alpn_length"),
                new Vector("protocol over the end", hello().with(ALPN, v16("036832")), "tls.hello.alpn_length"),
                new Vector("list one too short", hello().with(ALPN, "0002026832"), "tls.hello.alpn_length"),
                new Vector("list one too long", hello().with(ALPN, "0004026832"), "tls.hello.alpn_length"),
                new Vector("versions", hello().with(VERSIONS, v8("7a7a03040303")), "versions=[0304 0303]"),
                new Vector("no versions", hello().with(VERSIONS, "00"), "tls.hello.supported_versions_length"),
                new Vector("half a version", hello().with(VERSIONS, "03030403"), "tls.hello.supported_versions_length"),
                new Vector(
                        "bytes behind versions",
                        hello().with(VERSIONS, "02030400"),
                        "tls.hello.supported_versions_length"),
                new Vector("groups", hello().with(GROUPS, v16("fafa001d0017")), "groups=[001d 0017]"),
                new Vector("no groups", hello().with(GROUPS, "0000"), "tls.hello.groups_length"),
                new Vector("half a group", hello().with(GROUPS, "0003001d00"), "tls.hello.groups_length"),
                new Vector("groups over the end", hello().with(GROUPS, "0004001d"), "tls.hello.groups_length"),
                new Vector("signatures", hello().with(SIGNATURES, v16("04030804")), ", signatureSchemes=[0403 0804]"),
                new Vector("no signatures", hello().with(SIGNATURES, ""), "tls.hello.signature_algorithms_length"),
                new Vector(
                        "half a signature",
                        hello().with(SIGNATURES, v16("040308")),
                        "tls.hello.signature_algorithms_length"),
                new Vector(
                        "signatures in certificates",
                        hello().with(SIGNATURES_CERT, v16("0401")),
                        "certificateSignatureSchemes=[0401]"),
                new Vector(
                        "none in certificates",
                        hello().with(SIGNATURES_CERT, "0000"),
                        "tls.hello.signature_algorithms_length"),
                new Vector("ticket asked for", hello().with(TICKET, ""), "sessionTicketLength=0"),
                new Vector("ticket", hello().with(TICKET, "aabb"), "sessionTicketLength=2"),
                new Vector("no ticket", hello(), "sessionTicketLength=-1"),
                new Vector("early data", hello().with(EARLY_DATA, ""), "earlyData=true"),
                new Vector("early data with content", hello().with(EARLY_DATA, "00"), "tls.hello.early_data_length"));
    }

    static Stream<Vector> preSharedKeys() {
        return Stream.of(
                new Vector("one key", psk(v16(IDENTITY) + v16(BINDER)), "preSharedKey=true"),
                new Vector("two keys", psk(v16(IDENTITY + IDENTITY) + v16(BINDER + BINDER)), "preSharedKey=true"),
                new Vector(
                        "two keys, one binder",
                        psk(v16(IDENTITY + IDENTITY) + v16(BINDER)),
                        "tls.hello.pre_shared_key_binders"),
                new Vector(
                        "one key, two binders",
                        psk(v16(IDENTITY) + v16(BINDER + BINDER)),
                        "tls.hello.pre_shared_key_binders"),
                new Vector(
                        "short binder",
                        psk(v16(IDENTITY) + v16(v8("11".repeat(31)) + "00")),
                        "tls.hello.pre_shared_key_length"),
                new Vector("no binder", psk(v16(IDENTITY) + "0000"), "tls.hello.pre_shared_key_length"),
                new Vector("no list of binders", psk(v16(IDENTITY)), "tls.hello.pre_shared_key_length"),
                new Vector(
                        "binder over the end",
                        psk(v16(IDENTITY) + v16("21" + "11".repeat(32))),
                        "tls.hello.pre_shared_key_length"),
                new Vector(
                        "bytes behind binders",
                        psk(v16(IDENTITY) + v16(BINDER) + "00"),
                        "tls.hello.pre_shared_key_length"),
                new Vector("no key", psk("0000" + v16(BINDER)), "tls.hello.pre_shared_key_length"),
                new Vector(
                        "key of no bytes",
                        psk(v16("0000" + "00000000" + "00") + v16(BINDER)),
                        "tls.hello.pre_shared_key_length"),
                new Vector(
                        "key over its list",
                        psk(v16("0004aabb" + "000000") + v16(BINDER)),
                        "tls.hello.pre_shared_key_length"),
                new Vector("list of keys over the end", psk("ffff" + IDENTITY), "tls.hello.pre_shared_key_length"),
                new Vector(
                        "not last",
                        psk(v16(IDENTITY) + v16(BINDER)).with(TICKET, ""),
                        "tls.hello.pre_shared_key_not_last"),
                new Vector(
                        "without modes", hello().with(PSK, v16(IDENTITY) + v16(BINDER)), "tls.hello.psk_modes_missing"),
                new Vector("no modes", hello().with(PSK_MODES, "00"), "tls.hello.psk_modes_length"),
                new Vector("modes over the end", hello().with(PSK_MODES, "0201"), "tls.hello.psk_modes_length"));
    }

    static Stream<Vector> vectors() {
        return Stream.of(whatItMayBe(), fixedParts(), names(), lists(), preSharedKeys())
                .flatMap(vectors -> vectors);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void saysTheSameHoweverTheBytesArrive(Vector vector) {
        String outcome = Reading.everyWay(DEFAULTS, vector.wire());
        assertTrue(outcome.contains(vector.outcome()), () -> "expected " + vector.outcome() + ", was " + outcome);
    }

    @ParameterizedTest
    @MethodSource({"fixedParts", "names", "lists", "preSharedKeys"})
    void saysTheSameHoweverRecordsAreCut(Vector vector) {
        byte[] message = Arrays.copyOfRange(vector.wire(), Wire.RECORD_HEADER_BYTES, vector.wire().length);
        var reader = new ClientHelloReader(DEFAULTS);
        String whole = Reading.inCuts(reader, vector.wire(), vector.wire().length);
        for (int seed = 0; seed < 20; seed++) {
            byte[] wire = Hello.randomRecords(message, seed);
            assertEquals(whole, Reading.inCuts(reader, wire, wire.length / 2, wire.length), "seed " + seed);
        }
    }

    @Test
    void everyViolationHasAVectorAndItsOwnToken() {
        Set<String> tested = Stream.concat(
                        vectors().map(Vector::outcome), // and those of limits:
                        Stream.of(
                                "tls.record.too_many",
                                "tls.hello.too_long",
                                "tls.hello.wire_too_long",
                                "tls.hello.extension_too_many",
                                "tls.hello.alpn_too_many"))
                .collect(Collectors.toSet());
        Set<String> tokens = EnumSet.allOf(HelloViolation.class).stream()
                .map(HelloViolation::token)
                .collect(Collectors.toSet());
        assertEquals(HelloViolation.values().length, tokens.size());
        assertTrue(tested.containsAll(tokens), () -> tokens + " without " + tested);
    }

    // ---- limits

    private static void limits(HelloLimits limits, String token, byte[] below, byte[] at, byte[] above) {
        assertTrue(Reading.everyWay(limits, below).startsWith("ClientHello["));
        assertTrue(Reading.everyWay(limits, at).startsWith("ClientHello["));
        assertEquals(token, Reading.everyWay(limits, above));
    }

    @Test
    void limitsTheHello() {
        for (int max : new int[] {300, 16 << 10, 64 << 10}) {
            limits(
                    DEFAULTS.withHelloBytes(max),
                    "tls.hello.too_long",
                    hello().padTo(max - 1).wire(),
                    hello().padTo(max).wire(),
                    hello().padTo(max + 1).wire());
        }
    }

    @Test
    void refusesALongHelloAtItsHeader() {
        assertEquals("tls.hello.too_long", Reading.everyWay(DEFAULTS, Hello.bytes("1603010200 01004001")));
        assertEquals("NEED_MORE", Reading.everyWay(DEFAULTS, Hello.bytes("1603010200 01004000")));
        assertEquals("tls.hello.too_long", Reading.everyWay(DEFAULTS, Hello.bytes("1603010200 01ffffff")));
    }

    @Test
    void limitsRecords() {
        byte[] message = hello().padTo(96).message();
        limits(
                new HelloLimits(1_000, 10, 2_000, 64, 32),
                "tls.record.too_many",
                Hello.records(message, 12),
                Hello.records(message, 10),
                Hello.records(Hello.message(hello().padTo(97).body()), 10));
    }

    @Test
    void limitsBytesOfTheWire() {
        var limits = new HelloLimits(1_000, 100, 200, 64, 32);
        limits(
                limits,
                "tls.hello.wire_too_long",
                hello().padTo(190).wire(),
                hello().padTo(191).wire(),
                hello().padTo(192).wire());
    }

    @Test
    void limitsExtensions() {
        limits(DEFAULTS, "tls.hello.extension_too_many", extensions(63), extensions(64), extensions(65));
    }

    private static byte[] extensions(int count) {
        Hello hello = hello();
        for (int i = 0; i < count; i++) {
            hello.with("%04x".formatted(0x5000 + i), "");
        }
        return hello.wire();
    }

    @Test
    void limitsProtocols() {
        limits(DEFAULTS, "tls.hello.alpn_too_many", protocols(31), protocols(32), protocols(33));
    }

    private static byte[] protocols(int count) {
        String[] names = new String[count];
        Arrays.fill(names, "p");
        return hello().protocols(names).wire();
    }

    @Test
    void refusesLimitsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withHelloBytes((64 << 10) + 1));
        assertThrows(IllegalArgumentException.class, () -> new HelloLimits(63, 1, 64, 16, 1));
        assertThrows(IllegalArgumentException.class, () -> new HelloLimits(64, 0, 64, 16, 1));
    }

    // ---- what a hello answers

    private static ClientHello read(Hello hello) {
        var reader = new ClientHelloReader(DEFAULTS);
        assertEquals(HelloOutcome.COMPLETE, reader.read(ByteBuffer.wrap(hello.wire()), new HelloScan()));
        return reader.hello();
    }

    @Test
    void believesTheExtensionBeforeTheLegacyVersion() {
        ClientHello both = read(hello().with(VERSIONS, v8("03040302")));
        assertTrue(both.offersVersion(ClientHello.TLS_1_3));
        assertFalse(both.offersVersion(ClientHello.TLS_1_2));
        assertTrue(both.offersVersion(ClientHello.TLS_1_1));
    }

    @Test
    void takesTheLegacyVersionForTls12AtMost() {
        ClientHello old = read(hello().version("0305"));
        assertFalse(old.offersVersion(ClientHello.TLS_1_3));
        assertTrue(old.offersVersion(ClientHello.TLS_1_2));
        assertTrue(old.offersVersion(ClientHello.TLS_1_0));
        assertFalse(read(hello().version("0302")).offersVersion(ClientHello.TLS_1_2));
    }

    @Test
    void knowsSuitesThatSignalSomething() {
        assertTrue(read(hello().cipherSuites(v16("c02b1303"))).offersTls13Suite());
        assertFalse(read(hello().cipherSuites(v16("c02bc013"))).offersTls13Suite());
        assertTrue(read(hello().cipherSuites(v16("c02b5600"))).isFallback());
        assertFalse(read(hello()).isFallback());
    }

    @Test
    void keepsLineBreaksOfProtocolsOutOfItsText() {
        String text = read(hello().protocols("h2\nevent=forged")).toString();
        assertTrue(text.contains("protocols=[h2\\u000aevent=forged]"), text);
    }

    @Test
    void findsNamesInItsBytes() {
        ClientHello hello = read(hello().serverName("A.B").protocols("h2", "http/1.1"));
        assertEquals("a.b", new String(hello.bytes(), hello.serverNameOffset(), 3, StandardCharsets.US_ASCII));
        assertEquals(3, hello.serverNameLength());
        assertTrue(hello.hasProtocols());
        assertTrue(hello.offersProtocol("h2".getBytes(StandardCharsets.US_ASCII)));
        assertFalse(hello.offersProtocol("h".getBytes(StandardCharsets.US_ASCII)));
        assertFalse(hello.offersProtocol("h2c".getBytes(StandardCharsets.US_ASCII)));
        assertFalse(read(hello().serverName("192.0.2.1")).hasServerName());
    }

    @Test
    void forgetsTheLastHello() {
        var reader = new ClientHelloReader(DEFAULTS);
        String plain = Reading.inCuts(reader, hello().wire(), hello().wire().length);
        byte[] rich = psk(v16(IDENTITY) + v16(BINDER)).wire();
        byte[] richer = hello().serverName("a")
                .protocols("h2")
                .with(TICKET, "00")
                .with(EARLY_DATA, "")
                .wire();
        assertNotEquals(plain, Reading.inCuts(reader, rich, rich.length));
        assertNotEquals(plain, Reading.inCuts(reader, richer, richer.length));
        assertEquals(plain, Reading.inCuts(reader, hello().wire(), hello().wire().length));
        reader.clear();
        assertEquals(0, reader.hello().legacyVersion());
        assertEquals(0, reader.hello().cipherSuites().count());
    }

    @Test
    void staysRefused() {
        var reader = new ClientHelloReader(DEFAULTS);
        var scan = new HelloScan();
        assertEquals(HelloOutcome.REFUSED, reader.read(ByteBuffer.wrap(Hello.bytes("1603010000")), scan));
        assertEquals(HelloOutcome.REFUSED, reader.read(ByteBuffer.wrap(hello().wire()), scan));
        assertEquals(HelloViolation.RECORD_EMPTY, scan.violation());
        scan.clear();
        assertEquals(HelloOutcome.COMPLETE, reader.read(ByteBuffer.wrap(hello().wire()), scan));
    }

    // ---- work and garbage

    /** What has been passed, and content behind the handshake header, is garbage until the last call. */
    @Test
    void looksAtHeadersOnlyUntilTheHelloIsWhole() {
        byte[] wire = Hello.records(hello().serverName("a.b").padTo(600).message(), 50);
        var reader = new ClientHelloReader(DEFAULTS);
        var scan = new HelloScan();
        for (int end = 0; end < wire.length; end++) {
            byte[] seen = Arrays.copyOf(wire, end);
            Arrays.fill(seen, Math.min(end, 1), Math.max(Math.min(end, 1), scan.recordOffset), (byte) 'x');
            int content = scan.recordOffset + Wire.RECORD_HEADER_BYTES + (scan.recordCount == 0 ? 4 : 0);
            Arrays.fill(seen, Math.min(end, content), end, (byte) 'x');
            assertEquals(HelloOutcome.NEED_MORE, reader.read(ByteBuffer.wrap(seen), scan), "at " + end);
        }
        assertEquals(HelloOutcome.COMPLETE, reader.read(ByteBuffer.wrap(wire), scan));
        assertTrue(reader.hello().toString().contains("serverName=a.b,"));
    }

    @Test
    void leavesNoGarbage() {
        byte[] wire = hello().serverName("A.B")
                .protocols("h2")
                .with(VERSIONS, v8("03040a0a"))
                .wire();
        ByteBuffer source = ByteBuffer.allocateDirect(wire.length).put(wire).flip();
        var reader = new ClientHelloReader(DEFAULTS);
        var scan = new HelloScan();
        readMany(reader, source, scan, 20_000);
        var meter = AllocationMeter.start(Thread.currentThread().threadId());
        readMany(reader, source, scan, 100_000);
        assertEquals(0, meter.bytes() / 100_000, "bytes per hello");
    }

    private static void readMany(ClientHelloReader reader, ByteBuffer source, HelloScan scan, int count) {
        int length = source.limit();
        for (int i = 0; i < count; i++) {
            scan.clear();
            reader.clear();
            reader.read(source.limit(length / 2), scan);
            if (reader.read(source.limit(length), scan) != HelloOutcome.COMPLETE) {
                throw new AssertionError(scan.violation());
            }
        }
    }
}
