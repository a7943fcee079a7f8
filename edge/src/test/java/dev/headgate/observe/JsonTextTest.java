package dev.headgate.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTextTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "plain          | 61 7e 20          | a~ ",
                "quote          | 22                | \\\"",
                "backslash      | 5c                | \\\\",
                "line end       | 0d 0a 09          | \\r\\n\\t",
                "control        | 00 1b 1f          | \\u0000\\u001b\\u001f",
                "delete         | 7f                | \\u007f",
                "two bytes      | c3 a9             | é",
                "three bytes    | e2 82 ac          | €",
                "four bytes     | f0 9f 98 80       | 😀",
                "next line      | c2 85             | \\u0085",
                "last C1        | c2 9f c2 a0       | \\u009f\u00a0",
                "separators     | e2 80 a8 e2 80 a9 | \\u2028\\u2029",
                "override       | e2 80 ae          | \\u202e",
                "after override | e2 80 af          | \u202f",
                "isolate        | e2 81 a6 e2 81 a9 | \\u2066\\u2069",
                "lone lead      | c3                | \\u00c3",
                "lone trail     | a9 61             | \\u00a9a",
                "overlong slash | c0 af             | \\u00c0\\u00af",
                "overlong three | e0 9f bf          | \\u00e0\\u009f\\u00bf",
                "overlong four  | f0 8f bf bf       | \\u00f0\\u008f\\u00bf\\u00bf",
                "surrogate      | ed a0 80          | \\u00ed\\u00a0\\u0080",
                "below surrogate| ed 9f bf          | \ud7ff",
                "beyond Unicode | f4 90 80 80       | \\u00f4\\u0090\\u0080\\u0080",
                "last Unicode   | f4 8f bf bf       | \udbff\udfff",
                "cut short      | e2 82 22          | \\u00e2\\u0082\\\"",
                "never in UTF-8 | ff fe             | \\u00ff\\u00fe",
            },
            ignoreLeadingAndTrailingWhitespace = true)
    void escapesWhatMustNotStandAsItIs(String name, String hex, String expected) {
        byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(hex);

        String written = write(bytes, 100, true);

        assertEquals(expected.strip(), written.strip());
    }

    @ParameterizedTest
    @CsvSource({"ab, 1", "é, 2", "€, 3", "😀, 4"})
    void cutsBetweenCharacters(String character, int length) {
        byte[] bytes = ("xyz" + character).getBytes(StandardCharsets.UTF_8);
        String whole = new String(bytes, 0, 3 + length, StandardCharsets.UTF_8);

        assertEquals("xyz", write(bytes, 2 + length, false));
        assertEquals(whole, write(bytes, 3 + length, bytes.length == 3 + length));
    }

    @Test
    void cutsBetweenEscapes() {
        byte[] bytes = {'x', 1, '"'};

        assertEquals("x", write(bytes, 6, false));
        assertEquals("x\\u0001", write(bytes, 7, false));
        assertEquals("x\\u0001", write(bytes, 8, false));
        assertEquals("x\\u0001\\\"", write(bytes, 9, true));
    }

    @Test
    void writesNothingIntoNoRoom() {
        assertEquals("", write(new byte[] {'x'}, 0, false));
        assertEquals("", write(new byte[0], 0, true));
    }

    private static String write(byte[] bytes, int encodedMax, boolean whole) {
        LogBlock block = new LogBlock(encodedMax);
        ByteSpan span = new ByteSpan();
        Records.set(span, bytes);
        if (whole) {
            assertTrue(JsonText.put(block, span, encodedMax));
        } else {
            assertFalse(JsonText.put(block, span, encodedMax));
        }
        return new String(block.toByteArray(), StandardCharsets.UTF_8);
    }
}
