package dev.headgate.fuzz.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The work that an input makes is bounded by its length, whatever is in it and however it arrives. */
class WorkPerByteTest {
    /** Branches and calls per message, whatever its length: 32 connection options, each looked for in 100 fields. */
    private static final long PER_MESSAGE = 50_000;

    /** The same where 1,000 fields may be. */
    private static final long PER_WIDE_MESSAGE = 500_000;

    /** Branches and calls per byte. A byte that arrives alone costs a call of the decoder, some thirty of these. */
    private static final long PER_BYTE = 80;

    private static final int[] LENGTHS = {500, 8_000, 32_000};
    private static final CountingLoader LOADER = new CountingLoader();

    /** An attack that can be made as long as one likes. */
    record Attack(String name, IntFunction<String> ofLength) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Attack request(String name, String before, String part, String after) {
        return new Attack(
                name, length -> "GET " + before + part.repeat(Math.max(1, (length - 60) / part.length())) + after);
    }

    private static Attack line(String name, String part) {
        return request(name, "/ HTTP/1.1\r\nHost: a\r\n", part, "\r\n\r\n");
    }

    /** Lines of 16,000 bytes at most, as the decoder takes them. */
    private static Attack lines(String name, String field, String part) {
        String value = part.repeat(15_000 / part.length());
        return new Attack(name, length -> {
            var text = new StringBuilder("GET / HTTP/1.1\r\nHost: a\r\n");
            while (text.length() + 100 < length) {
                int room = Math.min(value.length(), length - 60 - text.length()) / part.length() * part.length();
                text.append(field).append(": ").append(value, 0, room).append("\r\n");
            }
            return text + "\r\n";
        });
    }

    private static Attack pem(String name, String part) {
        return new Attack("PEM: " + name, length -> part.repeat(length / part.length()));
    }

    /** A hello's fixed part, and as much of its extensions as there is room for. */
    private static Attack hello(String name, IntFunction<String> part) {
        return new Attack("hello: " + name, length -> {
            var hex = new StringBuilder();
            for (int i = 0; hex.length() / 2 + 60 < length; i++) {
                hex.append(part.apply(i));
            }
            int bytes = hex.length() / 2;
            String fixed = "0303" + "5a".repeat(32) + "00" + "00021301" + "0100" + "%04x".formatted(bytes);
            return new String(HexFormat.of().parseHex(fixed + hex), StandardCharsets.ISO_8859_1);
        });
    }

    private static Attack records(String name, int contentBytes) {
        String content = "\0".repeat(contentBytes);
        String first = "\u0016\3\1\0\4\1\0\u0030\0";
        return new Attack(
                "hello: " + name,
                length -> first + ("\u0016\3\1\0" + (char) contentBytes + content).repeat(length / (5 + contentBytes)));
    }

    static Stream<Attack> attacks() {
        return Stream.of(
                request("path", "/", "a", " HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("path of up and down", "/", "a/../", " HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("path down, then up", "/" + "a/".repeat(1000), "%2e%2e/", " HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("path of dots", "/", "./", " HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("path of slashes", "/", "/", " HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("path of escaped percents", "/", "%25", " HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("path of escapes", "/", "%e2%82%ac", " HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("query of marks", "/?", "?", " HTTP/1.1\r\nHost: a\r\n\r\n"),
                line("many lines", "A: b\r\n"),
                line("many lines of one unknown name", "x-b: c\r\nConnection: x-b\r\n"),
                line("many dropped lines", "a_b: c\r\n"),
                lines("blanks", "X", " "),
                lines("tabs", "X", "\t"),
                lines("connection options", "Connection", "x,"),
                new Attack(
                        "connection options as long as many names",
                        length -> "GET / HTTP/1.1\r\nHost: a\r\n" + "y: z\r\n".repeat(95) + "Connection: "
                                + "x,".repeat(Math.max(1, Math.min(7_000, length / 2 - 320))) + "\r\n\r\n"),
                new Attack(
                        "as many connection options as may be, for each field",
                        length -> "GET / HTTP/1.1\r\nHost: a\r\n" + "y: z\r\n".repeat(97) + "Connection: x"
                                + ",x".repeat(31) + "\r\n\r\n"),
                lines("connection options without names", "Connection", ","),
                lines("codings", "TE", "trailer, "),
                lines("hops", "X-Forwarded-For", "10.0.0.1,"),
                lines("hops without names", "X-Forwarded-For", ","),
                lines("hops of colons", "X-Forwarded-For", ":,"),
                lines("forwarded", "Forwarded", "for=10.0.0.1,"),
                lines("forwarded pairs", "Forwarded", "a=b;"),
                lines("forwarded, nothing", "Forwarded", ",;"),
                lines("forwarded, quoted", "Forwarded", "a=\"\\\"\";"),
                lines("hops that are names", "Via", "1.1 headgate, "),
                new Attack("status line", length -> "HTTP/1.1 200 " + "r".repeat(Math.min(length, 8_000)) + "\r\n\r\n"),
                new Attack("response lines", length -> "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(length / 6) + "\r\n"),
                new Attack("tiny chunks", length -> "1\r\nx\r\n".repeat(length / 6) + "0\r\n\r\n"),
                new Attack("chunk extensions", length -> "1;a=\"b\"\r\nx\r\n".repeat(length / 12) + "0\r\n\r\n"),
                new Attack("trailers", length -> "0\r\n" + "x-a: b\r\n".repeat(Math.min(length / 8, 99)) + "\r\n"),
                hello("extensions", index -> "%04x0000".formatted(0x8000 + index)),
                hello("host names", index -> index == 0 ? "0000" : "00000161"),
                hello("zeros", index -> "00"),
                records("records of one byte", 1),
                records("records of two bytes", 2),
                pem("begun blocks", "-----BEGIN CERTIFICATE-----\n"),
                pem("ends", "-----END CERTIFICATE-----\n"),
                pem("empty blocks", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
                pem("blocks of nothing", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"),
                pem("lists of nothing", "-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n"),
                pem("marks", "\u00ef\u00bb\u00bf"),
                pem("empty lines", "\n"),
                new Attack("lines of a block", length -> "-----BEGIN CERTIFICATE-----\n" + "A\n".repeat(length / 2)),
                new Attack("line of a block", length -> "-----BEGIN CERTIFICATE-----\n" + "A".repeat(length)),
                new Attack(
                        "headers of a block",
                        length -> "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                                + "A: b\n".repeat(length / 5)),
                new Attack("levels of a store", length -> "0\u0080".repeat(length / 2)),
                new Attack("pieces of a store", length -> "0\u0080$\u0080" + "\4\0".repeat(length / 2) + "\0\0\0\0"),
                new Attack("long trailers", length -> "0\r\nx: " + "y".repeat(length) + "\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void isBoundedByTheLength(Attack attack) {
        for (int length : LENGTHS) {
            byte[] input = attack.ofLength().apply(length).getBytes(StandardCharsets.ISO_8859_1);
            assertBounded(input, attack.name());
        }
    }

    @Test
    void isBoundedForTheCorpus() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/resources/corpus"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertBounded(Files.readAllBytes(file), file.toString());
            }
        }
    }

    @Test
    void isBoundedForHeadsOfPieces() {
        String[] pieces = {
            "\r\n", "A: b\r\n", "Connection: ", "x,", "close", "X-Forwarded-For: ", "10.0.0.1, ", "Forwarded: ", "for=",
                    "\"",
            ";", ":", " ", "\t", "Via: ", "TE: trailers", "Transfer-Encoding: chunked\r\n", "a_b: ", "%2e", "/"
        };
        var random = new SplittableRandom(1);
        for (int i = 0; i < 300; i++) {
            var text = new StringBuilder("GET /a HTTP/1.1\r\nHost: a\r\n");
            for (int k = random.nextInt(200); k > 0; k--) {
                text.append(pieces[random.nextInt(pieces.length)].repeat(1 + random.nextInt(3)));
            }
            assertBounded((text + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1), "head " + i);
        }
    }

    private static void assertBounded(byte[] input, String name) {
        for (Consumer<byte[]> probe : probes()) {
            long work = workOf(probe, input);
            long perMessage = probe.toString().startsWith("WIDE") ? PER_WIDE_MESSAGE : PER_MESSAGE;
            long workMax = perMessage + PER_BYTE * input.length;
            assertTrue(
                    work <= workMax,
                    () -> probe + " of " + name + ": length=" + input.length + ", work=" + work + ", limit=" + workMax);
        }
    }

    // ---- names of equal hash

    /** A message of words, at the limits that there are by default, and as wide as they go. */
    private record Flood(String name, Function<List<String>, String> of) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Flood fields(String name, Function<String, String> line) {
        return new Flood(
                name,
                words -> "GET / HTTP/1.1\r\nHost: a\r\n"
                        + words.stream().map(line).collect(Collectors.joining("\r\n")) + "\r\n\r\n");
    }

    private static Flood parts(String name, String before, Function<String, String> part, String after) {
        return new Flood(name, words -> before + words.stream().map(part).collect(Collectors.joining()) + after);
    }

    static Stream<Flood> floods() {
        String end = " HTTP/1.1\r\nHost: a\r\n\r\n";
        return Stream.of(
                fields("names", word -> word + ": a"),
                fields("names in capitals", word -> word.toUpperCase(Locale.ROOT) + ": a"),
                fields("values", word -> "X-A: " + word),
                fields("names and values", word -> word + ": " + word),
                fields("lines of cookies", word -> "Cookie: " + word + "=" + word),
                parts("cookies", "GET / HTTP/1.1\r\nHost: a\r\nCookie: a=b", word -> "; " + word + "=1", "\r\n\r\n"),
                parts("parameters", "GET /?a=b", word -> "&" + word + "=1", end),
                parts("segments", "GET ", word -> "/" + word, end),
                parts("path parameters", "GET /a", word -> ";" + word + "=1", end),
                parts(
                        "forwarded pairs",
                        "GET / HTTP/1.1\r\nHost: a\r\nForwarded: a=b",
                        word -> ";" + word + "=b",
                        "\r\n\r\n"),
                new Flood(
                        "connection options and their fields",
                        words -> "GET / HTTP/1.1\r\nHost: a\r\nConnection: " + String.join(",", words.subList(0, 32))
                                + "\r\n"
                                + words.stream().map(word -> word + ": a\r\n").collect(Collectors.joining()) + "\r\n"),
                new Flood(
                        "host and path of a route, but for one",
                        words -> "GET /" + words.getLast() + " HTTP/1.1\r\nHost: " + words.getFirst()
                                + ".example\r\n\r\n"),
                parts("response names", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", word -> word + ": a\r\n", "\r\n"),
                parts(
                        "response cookies",
                        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
                        word -> "Set-Cookie: " + word + "=a\r\n",
                        "\r\n"),
                parts("trailers", "0\r\n", word -> word + ": a\r\n", "\r\n"),
                parts("chunk extensions", "1", word -> ";" + word + "=" + word, "\r\nx\r\n0\r\n\r\n"));
    }

    /**
     * At the limits, 32 KiB come to some 2.7 million calls and branches at the most, of which a processor does several hundred million in a
     * second; and words of equal hash cost what others cost.
     */
    @ThreatRow(
            value = "DOS-10",
            outcome = "no more work than for other names, by count, and at most 80 calls and branches for each byte")
    @ParameterizedTest
    @MethodSource("floods")
    void dos_10_namesOfEqualHashCostWhatOthersCost(Flood flood) {
        for (int count : new int[] {90, 900}) {
            byte[] equal = flood.of().apply(EqualHash.words(count)).getBytes(StandardCharsets.ISO_8859_1);
            byte[] other = flood.of().apply(EqualHash.otherWords(count)).getBytes(StandardCharsets.ISO_8859_1);
            assertEquals(other.length, equal.length);
            assertBounded(equal, flood.name());
            for (Consumer<byte[]> probe : probes()) {
                long usual = workOf(probe, other);
                long work = workOf(probe, equal);
                assertTrue(
                        work <= usual + usual / 20 + 100,
                        () -> probe + " of " + flood + ": work=" + work + ", of other words " + usual);
            }
        }
    }

    /** What a table of the platform does is not counted, so that none is asked has to be: not once more for more words. */
    @ThreatRow("DOS-10")
    @ParameterizedTest
    @MethodSource("floods")
    void dos_10_noTableByHashIsAskedForNamesOfClients(Flood flood) {
        byte[] few = flood.of().apply(EqualHash.words(40)).getBytes(StandardCharsets.ISO_8859_1);
        byte[] many = flood.of().apply(EqualHash.words(90)).getBytes(StandardCharsets.ISO_8859_1);
        for (Consumer<byte[]> probe : probes()) {
            assertEquals(hashedBy(probe, few), hashedBy(probe, many), () -> probe + " of " + flood);
        }
    }

    /** Addresses can have equal hashes too, and a client of IPv6 has many. */
    @ThreatRow("DOS-10")
    @Test
    void dos_10_clientsOfEqualHashCostWhatOthersCost() {
        Consumer<byte[]> probe = loaded("ProbedLimiter");
        long few = workOf(probe, new byte[] {1});
        long many = workOf(probe, new byte[] {16});
        assertTrue(many <= 16 * few + 16 * few, () -> "work=" + many + ", of a sixteenth " + few);
    }

    /** As many requests as one likes, their numbers so far apart, then an update for each, and the end of the connection. */
    private static byte[] streams(int count, int apart) {
        byte[][] frames = new byte[2 * count][];
        byte[] head = FieldBlock.get("/");
        for (int i = 0; i < count; i++) {
            frames[i] = Frames.begin(1 + i * apart, head);
            frames[count + i] = Frames.windowUpdate(1 + i * apart, 1);
        }
        return Wire.join(Frames.preface(), Frames.settings(), Wire.join(frames));
    }

    @ThreatRow(
            value = "H2-33",
            outcome = "by count, each of 2,000 streams makes as much work as one of few, whatever their numbers are")
    @ParameterizedTest
    @ValueSource(ints = {2, 16, 512, 4096, 16_384, 1 << 20, 65_538})
    void h2_33_eachStreamCostsWhatAnotherCosts(int apart) {
        int count = Math.min(2_000, Integer.MAX_VALUE / apart);
        Consumer<byte[]> probe = loaded("StreamsProbe");
        long few = workOf(probe, streams(100, 2));
        long many = workOf(probe, streams(count, apart));
        assertTrue(many <= few * count / 100 * 5 / 4, () -> "work=" + many + ", of 100 streams " + few);
    }

    @Test
    void tablesWithoutASeedWouldBeFound() {
        Flood names = floods().findFirst().orElseThrow();
        byte[] equal = names.of().apply(EqualHash.words(900)).getBytes(StandardCharsets.ISO_8859_1);
        byte[] other = names.of().apply(EqualHash.otherWords(900)).getBytes(StandardCharsets.ISO_8859_1);
        assertTrue(workOf(loaded("UnseededTable"), equal) > 5 * workOf(loaded("UnseededTable"), other));
        assertTrue(hashedBy(loaded("UnseededTable"), equal) > 900);
    }

    private static long workOf(Consumer<byte[]> probe, byte[] input) {
        long before = Work.count;
        probe.accept(input);
        return Work.count - before;
    }

    private static long hashedBy(Consumer<byte[]> probe, byte[] input) {
        long before = Work.hashed;
        probe.accept(input);
        return Work.hashed - before;
    }

    @Test
    void isCountedAtAll() {
        Consumer<byte[]> probe = probes().getFirst();
        long before = Work.count;

        probe.accept("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));

        assertTrue(Work.count > before + 10, () -> probe + " counted " + (Work.count - before));
    }

    /** The probes as the counting loader has them, the whole request first. */
    @SuppressWarnings("unchecked") // an enum of our own, which implements just this
    private static List<Consumer<byte[]>> probes() {
        try {
            Object[] probes = LOADER.loadClass(Probe.class.getName()).getEnumConstants();
            return Stream.of(probes).map(probe -> (Consumer<byte[]>) probe).toList();
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** One of this package as the counting loader has it. */
    @SuppressWarnings("unchecked") // each implements just this
    private static Consumer<byte[]> loaded(String name) {
        try {
            return (Consumer<byte[]>) LOADER.loadClass(WorkPerByteTest.class.getPackageName() + "." + name)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
