package dev.headgate.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {
    @ParameterizedTest
    @CsvSource({
        "shop.example.com, EXACT, shop.example.com",
        "SHOP.Example.com, EXACT, shop.example.com",
        "localhost, EXACT, localhost",
        "192.0.2.1, EXACT, 192.0.2.1",
        "'[2001:DB8::1]', EXACT, '[2001:db8::1]'",
        "'[::ffff:192.0.2.1]', EXACT, '[::ffff:192.0.2.1]'",
        "my_host.example.com, EXACT, my_host.example.com",
        "*.example.com, BELOW, example.com",
        "*.com, BELOW, com"
    })
    void readsHosts(String text, HostPattern.Kind kind, String name) {
        assertEquals(new HostPattern(kind, name), HostPattern.parse(text).orThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "'', a host name is expected",
        "*, written without a host",
        "*., a host name is expected",
        "a..b, empty label",
        ".a, empty label",
        "a., without a final dot",
        "*.*.a, whole first label",
        "a*.b, whole first label",
        "a.*.b, whole first label",
        "a:80, without a port",
        "::1, without a port",
        "'[::1]:80', without a port",
        "'[::1', missing ]",
        "'[abc]', brackets enclose",
        "'[::1%eth0]', cannot be part of an IPv6 address",
        "*.0.2.1, not before an address",
        "'*.[::1]', cannot be part",
        "bücher.example, xn--",
        "a b, cannot be part",
        "a/b, cannot be part",
        "a@b, cannot be part"
    })
    void saysWhatIsWrong(String text, String part) {
        String error = HostPattern.parse(text).error();
        assertNotNull(error);
        assertTrue(error.contains(part), error);
    }

    @Test
    void boundsLabels() {
        assertNull(HostPattern.parse("a".repeat(62)).error());
        assertNull(HostPattern.parse("a".repeat(63)).error());
        assertEquals(
                "label too long: length=64, limit=63",
                HostPattern.parse("a".repeat(64)).error());
    }

    @Test
    void boundsNames() {
        String label = "a".repeat(49) + ".";
        assertNull(HostPattern.parse(label.repeat(5) + "bb").error());
        assertNull(HostPattern.parse(label.repeat(5) + "bbb").error());
        assertEquals(
                "host name too long: length=254, limit=253",
                HostPattern.parse(label.repeat(5) + "bbbb").error());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.example.com", "*.example.com", "[::1]"})
    void printsWhatItRead(String text) {
        assertEquals(text, HostPattern.parse(text).orThrow().toString());
    }
}
