package dev.headgate.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.config.ConfigLoader;
import dev.headgate.config.ConfigResult;
import dev.headgate.config.Environment;
import dev.headgate.route.PathPattern;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the configuration takes for a path, the table of routes takes too: a file that passes its check also starts. */
class PatternLimitsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 66, 200})
    void configurationAndTableAgreeOnSegments(int segments) {
        agree("/a".repeat(segments));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4095, 4096, 4097, 8192, 8193})
    void configurationAndTableAgreeOnLength(int length) {
        agree("/" + "a".repeat(length - 1));
    }

    private static void agree(String path) {
        String text = """
                version: 1
                listeners: [{name: web, address: "127.0.0.1:0"}]
                routes: [{match: {path: "%s"}, respond: {status: 204}}]
                """.formatted(path);
        ConfigResult read = ConfigLoader.parse("f", text, Environment.of(Map.of()));
        assertEquals(PathPattern.parse(path).error() == null, read.config().isPresent(), read::render);
    }
}
