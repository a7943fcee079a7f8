package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {
    @ParameterizedTest
    @CsvSource({
        "shop.example.com, shop.example.com, false, shop.example.com",
        "SHOP.Example.com, shop.example.com, false, shop.example.com",
        "localhost, localhost, false, localhost",
        "192.0.2.1, 192.0.2.1, false, 192.0.2.1",
        "'[2001:DB8::1]', '[2001:db8::1]', false, '[2001:db8::1]'",
        "'[::ffff:192.0.2.1]', '[::ffff:192.0.2.1]', false, '[::ffff:192.0.2.1]'",
        "my_host.example.com, my_host.example.com, false, my_host.example.com",
        "*.Example.com, *.example.com, true, example.com",
        "*.com, *.com, true, com"
    })
    void readsHosts(String text, String canonical, boolean wildcard, String name) {
        HostPattern pattern = new HostPattern(text);
        assertEquals(canonical, pattern.text());
        assertEquals(wildcard, pattern.isWildcard());
        assertEquals(name, pattern.name());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "*.",
                "a..b",
                ".a",
                "a.",
                "*.*.a",
                "a*.b",
                "a.*.b",
                "a:80",
                "::1",
                "[::1]:80",
                "[::1",
                "[abc]",
                "[::1%eth0]",
                "*.0.2.1",
                "*.192.0.2.1",
                "*.[::1]",
                "*.a.7",
                "bücher.example",
                "a b",
                "a/b",
                "a@b",
                "-a"
            })
    void takesNothingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> new HostPattern(text));
    }

    @Test
    void boundsLabels() {
        assertDoesNotThrow(() -> new HostPattern("a".repeat(62)));
        assertDoesNotThrow(() -> new HostPattern("a".repeat(63)));
        assertThrows(IllegalArgumentException.class, () -> new HostPattern("a".repeat(64)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*."})
    void boundsNames(String wildcard) {
        String labels = (("a".repeat(49)) + ".").repeat(5);
        assertDoesNotThrow(() -> new HostPattern(wildcard + labels + "bb"));
        assertDoesNotThrow(() -> new HostPattern(wildcard + labels + "bbb"));
        assertThrows(IllegalArgumentException.class, () -> new HostPattern(wildcard + labels + "bbbb"));
    }

    @Test
    void takesWhatLiesBelowAWildcardAtAnyDepth() {
        HostPattern pattern = new HostPattern("*.example.com");
        assertTrue(pattern.matches("a.example.com"));
        assertTrue(pattern.matches("a.b.example.com"));
        assertFalse(pattern.matches("example.com"));
        assertFalse(pattern.matches("anexample.com"));
    }
}
