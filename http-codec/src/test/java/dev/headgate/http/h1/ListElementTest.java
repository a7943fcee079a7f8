package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ListElementTest {
    private record Case(String list, List<String> elements) {}

    static List<Case> cases() {
        return List.of(
                new Case("a", List.of("a")),
                new Case(" a\t,\tb ", List.of("a", "b")),
                new Case("a b", List.of("a b")),
                new Case("", List.of("")),
                new Case(",", List.of("", "")),
                new Case("  ", List.of("")),
                new Case("a,  ,b", List.of("a", "", "b")),
                new Case(" , ", List.of("", "")));
    }

    /** What is around the list is not looked at, blanks least of all. */
    @ParameterizedTest
    @MethodSource("cases")
    void takesBlanksFromBothEndsOfEachElement(Case given) {
        ByteBuffer source = ByteBuffer.wrap(Wire.bytes(" " + given.list() + " "));
        int end = source.limit() - 1;
        List<String> elements = new ArrayList<>();
        int stop;
        for (int at = 1; at <= end; at = stop + 1) {
            stop = ListElement.end(source, at, end);
            int from = ListElement.trimStart(source, at, stop);
            int to = ListElement.trimEnd(source, from, stop);
            byte[] element = new byte[to - from];
            source.get(from, element);
            elements.add(new String(element, StandardCharsets.ISO_8859_1));
        }
        assertEquals(given.elements(), elements);
    }
}
