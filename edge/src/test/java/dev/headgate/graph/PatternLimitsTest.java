package dev.headgate.graph;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.config.ConfigLoader;
import dev.headgate.config.ConfigResult;
import dev.headgate.config.Environment;
import dev.headgate.observe.Metrics;
import dev.headgate.route.SeededChance;
import dev.headgate.secure.Security;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the configuration takes for a pattern, the table of routes takes too: a file that passes its check also starts. */
class PatternLimitsTest {
    @ParameterizedTest
    @CsvSource({
        "example.com, true",
        "'*.example.com', true",
        "'*.example.7x', true",
        "'*.example.7', false",
        "'*.10.0.0.1', false",
        "10.0.0.1, true",
        "'[::1]', true",
        "'*.[::1]', false",
        "_a-b.c, true",
        "'*.-a', false",
        "a., false"
    })
    void startsWithEveryHostThatPassesTheCheck(String host, boolean taken) {
        assertEquals(taken, startsIfItPassesTheCheck("host: \"" + host + "\""));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 66, 200})
    void startsWithAsManySegmentsAsPassTheCheck(int segments) {
        assertEquals(segments <= 64, startsIfItPassesTheCheck("path: \"" + "/a".repeat(segments) + "\""));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4095, 4096, 4097, 8192, 8193})
    void startsWithAsLongAPathAsPassesTheCheck(int length) {
        assertEquals(length <= 4096, startsIfItPassesTheCheck("path: \"/" + "a".repeat(length - 1) + "\""));
    }

    private static boolean startsIfItPassesTheCheck(String match) {
        String text = """
                version: 1
                listeners: [{name: web, address: "127.0.0.1:0"}]
                routes: [{match: {%s}, respond: {status: 204}}]
                """.formatted(match);
        ConfigResult read = ConfigLoader.parse("f", text, Environment.of(Map.of()));
        read.config()
                .ifPresent(config -> assertDoesNotThrow(() -> new GraphBuilder(
                                config, 1, 0, Map.of(), new Metrics(1, 1, 1, 1), Security.NONE, (_, _, _) -> {})
                        .build(new SeededChance(1))));
        return read.config().isPresent();
    }
}
