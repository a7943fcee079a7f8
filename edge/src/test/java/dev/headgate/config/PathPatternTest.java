package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.PathPattern.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {
    @Test
    void readsSegmentsAndKind() {
        agree("/", List.of(""), Kind.EXACT);
        agree("/**", List.of(), Kind.PREFIX);
        agree("/a/", List.of("a", ""), Kind.EXACT);
        agree("/a/*/c/**", List.of("a", "*", "c"), Kind.GLOB);
    }

    private static void agree(String text, List<String> segments, Kind kind) {
        PathPattern pattern = new PathPattern(text);
        assertEquals(segments, pattern.segments());
        assertEquals(kind, pattern.kind());
        assertEquals(text.endsWith("/**"), pattern.isOpen());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/**", "/a", "/a/", "/a/**", "/*", "/a/*/b", "/*/", "/*/**", "/a-._~!$&'()+,;=:@/%20%C3%A9"
            })
    void printsWhatItRead(String text) {
        assertEquals(text, new PathPattern(text).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "'', begin with a slash",
        "a/b, begin with a slash",
        "*, begin with a slash",
        "//, an empty segment",
        "/a//b, an empty segment",
        "/a//**, an empty segment",
        "//**, an empty segment",
        "/a/**/b, before the end",
        "/**/**, before the end",
        "/a*, only part of a segment",
        "/a**, only part of a segment",
        "/***, only part of a segment",
        "/a*/**, only part of a segment",
        "/a?b, a query or fragment",
        "/a#b, a query or fragment",
        "/a/../b, a dot segment",
        "/., a dot segment",
        "/a b, must be percent-encoded",
        "/a\\b, must be percent-encoded",
        "/é, must be percent-encoded",
        "/%, two hexadecimal digits",
        "/%2, two hexadecimal digits",
        "/%zz, two hexadecimal digits",
        "/%c3%A9, in upper case",
        "/%00, separator or NUL",
        "/%2F, separator or NUL",
        "/%41, needs no encoding"
    })
    void saysWhatIsWrong(String text, String part) {
        String error = assertThrows(IllegalArgumentException.class, () -> new PathPattern(text))
                .getMessage();
        assertTrue(error.contains(part), error);
    }

    @Test
    void boundsSegments() {
        assertDoesNotThrow(() -> new PathPattern("/a".repeat(63)));
        assertDoesNotThrow(() -> new PathPattern("/a".repeat(64)));
        assertDoesNotThrow(() -> new PathPattern("/a".repeat(64) + "/**"));
        assertThrows(IllegalArgumentException.class, () -> new PathPattern("/a".repeat(65)));
    }

    @Test
    void boundsLength() {
        assertDoesNotThrow(() -> new PathPattern("/" + "a".repeat(4094)));
        assertDoesNotThrow(() -> new PathPattern("/" + "a".repeat(4095)));
        assertThrows(IllegalArgumentException.class, () -> new PathPattern("/" + "a".repeat(4096)));
    }
}
