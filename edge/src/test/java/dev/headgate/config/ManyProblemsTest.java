package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.AllocationMeter;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file full of mistakes is answered in time and memory that its length bounds, not the square of its length. */
class ManyProblemsTest {
    private static final int ALLOWANCE_BYTES = 64 << 20;
    private static final int ALLOCATED_BYTES_PER_CHARACTER = 400;
    private static final int RENDERED_LENGTH_MAX = 1 << 20;

    record Text(String name, String content) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Text> texts() {
        return Stream.of(
                new Text("unknown keys on one line", "{version: 1" + repeated(40_000, i -> ", k" + i + ": 1") + "}"),
                new Text(
                        "a wrong mapping over and over by its alias",
                        "version: 1\nx: &x {a: 1" + repeated(400, i -> ", k" + i + ": 1") + "}\nroutes: [*x"
                                + repeated(2_000, i -> ", *x") + "]\n"),
                new Text(
                        "as many unknown upstreams as known ones",
                        "version: 1\nlisteners: [{name: a, address: \"127.0.0.1:1\"}]\nupstreams:\n"
                                + repeated(20_000, i -> "  u" + i + ": {endpoints: \"a:1\"}\n") + "routes:\n"
                                + repeated(20_000, i -> "  - {to: x" + i + "}\n")),
                new Text("a key that nobody typed", "? " + "x".repeat(2_000_000) + "\n: 1\n"),
                new Text("a word that nobody typed", Configs.upstreamWith("balance: " + "x".repeat(2_000_000))));
    }

    private static String repeated(int count, IntFunction<String> part) {
        return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining());
    }

    @ParameterizedTest
    @MethodSource("texts")
    void areAnsweredInLittleTimeAndMemory(Text text) {
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            AllocationMeter meter = AllocationMeter.start(Thread.currentThread().threadId());

            String rendered = Configs.parse(text.content()).render();

            long bytes = meter.bytes();
            long bytesMax = ALLOWANCE_BYTES
                    + (long) ALLOCATED_BYTES_PER_CHARACTER * text.content().length();
            assertTrue(bytes < bytesMax, () -> "allocated " + bytes + " of " + bytesMax);
            assertTrue(rendered.length() < RENDERED_LENGTH_MAX, () -> "rendered " + rendered.length());
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {499, 500})
    void areAllShownUpToTheLimit(int count) {
        ConfigResult result = Configs.parse(Configs.minimalWith(repeated(count, i -> "k" + i + ": 1\n")));

        assertEquals(count, result.problems().size());
    }

    @Test
    void endTheReadingAboveTheLimit() {
        ConfigResult result = Configs.parse(Configs.minimalWith(repeated(501, i -> "k" + i + ": 1\n")));

        assertEquals(501, result.problems().size());
        ConfigProblem last = result.problems().getLast();
        assertEquals("HG2020", last.code());
        assertEquals("too many mistakes; what follows was not checked", last.message());
    }

    @Test
    void ofNoConsequenceAreCountedAboveTheLimit() {
        String upstreams = repeated(600, i -> "  u" + i + ": {endpoints: \"a:1\"}\n");
        ConfigResult result = Configs.parse("version: 1\nlisteners: [{name: a, address: \"127.0.0.1:1\"}]\n"
                + "routes: [{respond: {status: 204}}]\nupstreams:\n" + upstreams);

        assertTrue(result.config().isPresent());
        assertEquals(501, result.problems().size());
        ConfigProblem last = result.problems().getLast();
        assertEquals("HG2104", last.code());
        assertEquals("100 more warnings are not shown", last.message());
    }

    @Test
    void aLongListOfWhatIsExpectedIsCutShort() {
        String upstreams = repeated(30, i -> "  u" + i + ": {endpoints: \"a:1\"}\n");
        ConfigResult result = Configs.parse("version: 1\nlisteners: [{name: a, address: \"127.0.0.1:1\"}]\n"
                + "routes: [{to: nobody}]\nupstreams:\n" + upstreams);

        assertTrue(result.render().contains("u18, u19 or another of 30"), result::render);
    }
}
