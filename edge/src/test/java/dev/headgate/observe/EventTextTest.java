package dev.headgate.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTextTest {
    @Test
    void tellsWhereAnExceptionComesFromInOneLine() {
        Exception failure = new IllegalStateException("outer\nline", new IOException("inner"));

        StringBuilder line = new StringBuilder();
        EventText.appendValue(line, EventText.textOf(failure));

        assertTrue(
                line.toString()
                        .startsWith(
                                "\"java.lang.IllegalStateException: outer\\nline at dev.headgate.observe.EventTextTest."
                                        + "tellsWhereAnExceptionComesFromInOneLine(EventTextTest.java:"),
                line::toString);
        assertTrue(line.toString().endsWith(" caused by java.io.IOException: inner\""), line::toString);
        assertEquals(6, line.toString().split(" at ", -1).length - 1);
    }

    @Test
    void tellsOfAnExceptionWithoutFramesToo() {
        Exception failure = new IllegalStateException("x");
        failure.setStackTrace(new StackTraceElement[0]);

        assertEquals("java.lang.IllegalStateException: x", EventText.textOf(failure));
    }

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
