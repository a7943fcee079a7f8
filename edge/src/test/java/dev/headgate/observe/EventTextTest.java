package dev.headgate.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "10.0.0.11:8080 | 10.0.0.11:8080",
                "[::1]:80       | [::1]:80",
                "``             | \"\"",
                "a b            | \"a b\"",
                "a=b            | \"a=b\"",
                "a\"b           | \"a\\\"b\"",
                "a\\b           | \"a\\\\b\"",
                "`a\r\n\tb`     | \"a\\r\\n\\tb\"",
                "`a\u001b[0m`   | \"a\\u001b[0m\"",
                "a\u2028b       | \"a\\u2028b\"",
                "a\u202eb       | \"a\\u202eb\"",
                "a\u0085b       | \"a\\u0085b\"",
                "a\u007fb       | \"a\\u007fb\"",
                "é              | \"é\"",
            })
    void quotesWhatIsNotPlain(String value, String expected) {
        StringBuilder line = new StringBuilder();
        EventText.appendValue(line, value);

        assertEquals(expected, line.toString());
    }
}
