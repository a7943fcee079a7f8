package dev.headgate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.HttpVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViaTest {
    private static final Via VIA = new Via("Headgate");

    @Test
    void standsBehindThoseThatAreThere() {
        FieldSection fields = Heads.section("Via: 1.0 fred, 1.1 p.example.net");
        int before = fields.appendOffset();

        assertTrue(VIA.addTo(fields, HttpVersion.HTTP_1_1));

        assertEquals(List.of("1.0 fred, 1.1 p.example.net", "1.1 Headgate"), Heads.values(fields, Field.VIA));
        assertEquals(VIA.addedBytes(), fields.appendOffset() - before);
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_0,1.0 Headgate", "HTTP_1_1,1.1 Headgate", "HTTP_2,2.0 Headgate"})
    void namesTheProtocolOfTheMessage(HttpVersion version, String entry) {
        FieldSection fields = Heads.section();

        assertTrue(VIA.addTo(fields, version));

        assertEquals(List.of(entry), Heads.values(fields, Field.VIA));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|0",
                "1.1 headgate|1",
                "1.1 HEADGATE|1",
                "HTTP/1.1\theadgate|1",
                "1.1 headgate, 1.1 headgate|2",
                "1.1 headgate,1.1 other,2 headgate|2",
                "1.1 headgate (a comment), 1.1 other|1",
                "1.1 headgate(a comment)|1",
                "1.1 other (x, 1.1 headgate, y)|0",
                "1.1 other (x (nested, 1.1 headgate), 1.1 headgate), 1.1 headgate|1",
                "1.1 other (x \\), 1.1 headgate)|0",
                "1.1 other (never closed, 1.1 headgate|0",
                "1.1 other ), 1.1 headgate|1",
                "1.1 headgate2|0",
                "1.1 my-headgate|0",
                "headgate|0",
                ", ,1.1 headgate, ,|1",
                "1.1 a b headgate|0"
            })
    void countsItsPasses(String value, int passes) {
        assertEquals(passes, VIA.passes(Heads.section("Via: " + value)));
    }

    @Test
    void countsPassesOfAllLines() {
        assertEquals(
                3, VIA.passes(Heads.section("Via: 1.1 headgate", "Via: 1.1 x, 1.1 headgate", "Via: 1.1 headgate")));
        assertEquals(0, VIA.passes(Heads.section("X: 1.1 headgate")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "a/b", "é", "a\n"})
    void refusesNamesThatAreNoTokens(String name) {
        assertThrows(IllegalArgumentException.class, () -> new Via(name));
    }
}
