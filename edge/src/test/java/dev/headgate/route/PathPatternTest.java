package dev.headgate.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.route.PathPattern.Ending;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {
    @Test
    void readsSegmentsAndEnding() {
        assertEquals(
                new PathPattern(List.of(""), Ending.EXACT),
                PathPattern.parse("/").orThrow());
        assertEquals(
                new PathPattern(List.of(), Ending.REST),
                PathPattern.parse("/**").orThrow());
        assertEquals(
                new PathPattern(List.of("a", ""), Ending.EXACT),
                PathPattern.parse("/a/").orThrow());
        assertEquals(
                new PathPattern(List.of("a", "*", "c"), Ending.REST),
                PathPattern.parse("/a/*/c/**").orThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/**", "/a", "/a/", "/a/**", "/*", "/a/*/b", "/*/", "/*/**", "/a-._~!$&'()+,;=:@/%20%C3%A9"
            })
    void printsWhatItRead(String text) {
        assertEquals(text, PathPattern.parse(text).orThrow().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "'', begins with a slash",
        "a/b, begins with a slash",
        "*, begins with a slash",
        "//, no double slash",
        "/a//b, no double slash",
        "/a//**, no double slash",
        "//**, no double slash",
        "/a/**/b, only understood at the end",
        "/a*, stands for a whole segment",
        "/a**, stands for a whole segment",
        "/***, stands for a whole segment",
        "/a?b, no query",
        "/a#b, no query",
        "/a/../b, dot segments",
        "/., dot segments",
        "/a b, cannot be part of a path",
        "/a\\b, cannot be part of a path",
        "/é, non-ASCII",
        "/%, two hexadecimal digits",
        "/%2, two hexadecimal digits",
        "/%zz, two hexadecimal digits",
        "/%00, %00 never occurs",
        "/%41, write A",
        "/%c3%A9, is written %C3"
    })
    void saysWhatIsWrong(String text, String part) {
        String error = PathPattern.parse(text).error();
        assertNotNull(error);
        assertTrue(error.contains(part), error);
        assertThrows(
                IllegalArgumentException.class, () -> PathPattern.parse(text).orThrow());
    }

    @Test
    void boundsSegments() {
        assertNull(PathPattern.parse("/a".repeat(63)).error());
        assertNull(PathPattern.parse("/a".repeat(64)).error());
        assertNull(PathPattern.parse("/a".repeat(64) + "/**").error());
        assertEquals(
                "too many segments in path pattern: count=65, limit=64",
                PathPattern.parse("/a".repeat(65)).error());
    }

    @Test
    void boundsLength() {
        assertNull(PathPattern.parse("/" + "a".repeat(4094)).error());
        assertNull(PathPattern.parse("/" + "a".repeat(4095)).error());
        assertEquals(
                "path pattern too long: length=4097, limit=4096",
                PathPattern.parse("/" + "a".repeat(4096)).error());
    }
}
