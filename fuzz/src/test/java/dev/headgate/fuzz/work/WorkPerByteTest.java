package dev.headgate.fuzz.work;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The work that an input makes is bounded by its length, whatever is in it and however it arrives. */
class WorkPerByteTest {
    /** Branches and calls per message, whatever its length: 32 connection options, each looked for in 100 fields. */
    private static final long PER_MESSAGE = 50_000;

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
            long before = Work.count;
            probe.accept(input);
            long work = Work.count - before;
            long workMax = PER_MESSAGE + PER_BYTE * input.length;
            assertTrue(
                    work <= workMax,
                    () -> probe + " of " + name + ": length=" + input.length + ", work=" + work + ", limit=" + workMax);
        }
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
}
