package dev.headgate.tls.hello;

import static dev.headgate.tls.hello.Hello.text;
import static dev.headgate.tls.hello.Hello.v16;
import static dev.headgate.tls.hello.Hello.v8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Laws of the reader: no input makes it throw, loop, read too far, or depend on how bytes or records were cut. */
class ClientHelloProperties {
    private static final HelloLimits LIMITS = HelloLimits.DEFAULTS;
    private static final byte[] RICH = rich("www.example.com", List.of("h2", "http/1.1"), List.of(0x0304, 0x0303), 7)
            .message();

    private final ClientHelloReader reader = new ClientHelloReader(LIMITS);

    private static Hello rich(String name, List<String> protocols, List<Integer> versions, int ticketBytes) {
        return Hello.hello()
                .with("1a1a", "")
                .serverName(name)
                .with(Hello.GROUPS, v16("4a4a001d0017"))
                .with(Hello.SIGNATURES, v16("04030804"))
                .protocols(protocols.toArray(String[]::new))
                .with(Hello.VERSIONS, v8(codes(versions)))
                .with(Hello.TICKET, "ab".repeat(ticketBytes))
                .with(Hello.PSK_MODES, v8("01"))
                .with(Hello.PSK, v16(v16("aabb") + "00000000") + v16(v8("11".repeat(32))));
    }

    private static String codes(List<Integer> codes) {
        var hex = new StringBuilder();
        codes.forEach(code -> hex.append("%04x".formatted(code)));
        return hex.toString();
    }

    private String whole(byte[] wire) {
        return Reading.inCuts(reader, wire, wire.length);
    }

    @Property
    void arbitraryBytesHaveOneOutcome(@ForAll @Size(max = 300) byte[] bytes) {
        Reading.everyWay(LIMITS, bytes);
    }

    /** Pieces that mean something get further than arbitrary bytes. */
    @Provide
    Arbitrary<String> almostRecords() {
        return Arbitraries.of(
                        "16",
                        "0301",
                        "0303",
                        "0000",
                        "0001",
                        "0005",
                        "01",
                        "00",
                        "0004",
                        "ff",
                        "16030100010a",
                        "160301000101")
                .list()
                .ofMaxSize(20)
                .map(pieces -> "16" + String.join("", pieces));
    }

    @Property
    void almostRecordsHaveOneOutcome(@ForAll("almostRecords") String hex) {
        Reading.everyWay(LIMITS, Hello.bytes(hex.length() % 2 == 0 ? hex : hex + "0"));
    }

    @Property
    void arbitraryBodiesHaveOneOutcome(@ForAll @Size(max = 200) byte[] body) {
        Reading.everyWay(LIMITS, Hello.records(Hello.message(body), 1 << 14));
    }

    @Property
    void aMutatedHelloHasOneOutcomeHoweverItIsCut(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 10_000) Integer> places,
            @ForAll byte value,
            @ForAll @IntRange(max = 1_000) int seed) {
        byte[] message = RICH.clone();
        for (int place : places) {
            // The handshake header stays, so that the message is as long as it says.
            message[4 + place % (message.length - 4)] = value;
        }
        byte[] wire = Hello.records(message, 1 << 14);
        String expected = Reading.everyWay(LIMITS, wire);
        assertEquals(expected, whole(Hello.randomRecords(message, seed)));
    }

    @Property
    void aShortenedHelloIsRefused(@ForAll @IntRange(max = 10_000) int place) {
        byte[] body = Arrays.copyOfRange(RICH, 4, 4 + place % (RICH.length - 4));
        String outcome = whole(Hello.records(Hello.message(body), 1 << 14));
        // All that may end early is a hello without extensions.
        boolean endsBeforeExtensions = body.length == 2 + 32 + 1 + 6 + 2;
        assertTrue(endsBeforeExtensions || outcome.equals("tls.hello.truncated"), outcome);
    }

    @Property
    void whatIsBehindAHelloIsNotLookedAt(@ForAll @Size(max = 50) byte[] behind) {
        byte[] wire = Hello.records(RICH, 100);
        assertEquals(whole(wire), whole(Hello.concat(wire, behind)));
    }

    @Provide
    Arbitrary<String> hostNames() {
        Arbitrary<String> label = Arbitraries.strings()
                .withChars("abcxyzABCXYZ0189-_")
                .ofMinLength(1)
                .ofMaxLength(20);
        return Combinators.combine(label.list().ofMaxSize(4), Arbitraries.of("a", "Example", "x1"))
                .as((labels, last) -> labels.isEmpty() ? last : String.join(".", labels) + "." + last);
    }

    @Provide
    Arbitrary<List<String>> protocolNames() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .ofMinLength(1)
                .ofMaxLength(30)
                .filter(name -> !name.equals("jj") && !name.equals("zz")) // these are reserved (RFC 8701 §2)
                .list()
                .ofMinSize(1)
                .ofMaxSize(32);
    }

    @Property
    void whatIsWrittenReadsBack(
            @ForAll("hostNames") String name,
            @ForAll("protocolNames") List<String> protocols,
            @ForAll @Size(min = 1, max = 20) List<@IntRange(max = 0xFFFF) Integer> versions,
            @ForAll @IntRange(max = 300) int ticketBytes,
            @ForAll @IntRange(max = 1_000) int seed) {
        List<Integer> known =
                versions.stream().filter(code -> !CodeList.isReserved(code)).toList();
        String outcome = whole(
                Hello.randomRecords(rich(name, protocols, versions, ticketBytes).message(), seed));
        String expected = "ClientHello[legacyVersion=0303, versions=["
                + String.join(" ", known.stream().map("%04x"::formatted).toList())
                + "], serverName=" + name.toLowerCase(Locale.ROOT)
                + ", protocols=[" + String.join(" ", protocols)
                + "], cipherSuites=[1301 c02b], groups=[001d 0017], signatureSchemes=[0403 0804], certificateSignatureSchemes=[]"
                + ", earlyData=false, preSharedKey=true, sessionTicketLength=" + ticketBytes + "]";
        assertEquals(expected, outcome);
    }

    /** Against a plain reading of the rules, with a split and patterns. */
    @Property
    void aNameIsWhatThePlainRulesSay(@ForAll("almostNames") String sent) {
        String outcome = whole(Hello.hello().serverName(sent).wire());
        String name = sent.replaceFirst("\\.$", "");
        String[] labels = name.split("\\.", -1);
        boolean isIpv4 = labels.length == 4
                && Arrays.stream(labels)
                        .allMatch(octet -> octet.matches("[0-9]{1,3}") && Integer.parseInt(octet) < 256);
        String bare = name.replaceFirst("^\\[(.*)]$", "$1").replaceFirst("%[0-9A-Za-z_.~%-]+$", "");
        boolean isIpv6 = bare.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
        boolean isName = Arrays.stream(labels).allMatch(label -> label.matches("[0-9A-Za-z_-]{1,63}"))
                && !name.matches("[0-9.]*");
        String expected = isIpv4 || isIpv6
                ? "serverName=(address),"
                : isName ? "serverName=" + name.toLowerCase(Locale.ROOT) + "," : "tls.hello.server_name_invalid";
        assertTrue(outcome.contains(expected), () -> text(sent) + ": expected " + expected + ", was " + outcome);
    }

    @Provide
    Arbitrary<String> almostNames() {
        return Arbitraries.of(
                        "a", "Z", "0", "1", "255", "256", ".", ".", ":", "::", "[", "]", "%", "-", "_", " ", "f", "G",
                        "\u00e9", "\0")
                .list()
                .ofMaxSize(9)
                .map(pieces -> String.join("", pieces));
    }
}
