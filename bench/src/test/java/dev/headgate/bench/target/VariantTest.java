package dev.headgate.bench.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VariantTest {
    @Test
    void readsFlagsAndKeys() {
        Variant variant = Variant.parse("g1-spin=-XX:-UseSerialGC  -XX:+UseG1GC busyPoll:50us");
        assertEquals(
                new Variant(
                        "g1-spin",
                        List.of("-XX:-UseSerialGC", "-XX:+UseG1GC"),
                        Map.of("busyPoll", "50us"),
                        Optional.empty(),
                        0),
                variant);
        assertEquals("-XX:-UseSerialGC -XX:+UseG1GC busyPoll:50us", variant.changes());
        assertEquals(3, variant.loopsOr(3));
    }

    @Test
    void readsLoopsApart() {
        Variant variant = Variant.parse("two=loops:2");
        assertEquals(Map.of(), variant.settings());
        assertEquals(2, variant.loopsOr(1));
        assertEquals("loops:2", variant.changes());
    }

    @Test
    void readsTheProviderOfTlsApart() {
        Variant variant = Variant.parse("conscrypt=tls.provider:Conscrypt");
        assertEquals(Map.of(), variant.settings());
        assertEquals(Optional.of("Conscrypt"), variant.tlsProvider());
        assertEquals("tls.provider:Conscrypt", variant.changes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "=-Xmx1g",
                "A=-Xmx1g",
                "a b=-Xmx1g",
                "a=",
                "a=word",
                "a=:50us",
                "a=busyPoll:",
                "a=tls.provider:",
                "a=loops:0",
                "a=loops:1025",
                "a=loops:x",
                "abcdefghijklmnopqrstuvwxy=-Xmx1g"
            })
    void refusesAnythingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> Variant.parse(text));
    }
}
