package dev.headgate.tls.encoding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What others wrote, as it stands in a line of a message. */
class MessageTextTest {
    @Test
    void keepsWhatCanBeRead() {
        assertEquals("CN=B\u00fccher \\, \ud83d\ude00", MessageText.of("CN=B\u00fccher \\, \ud83d\ude00"));
    }

    @Test
    void escapesWhatBreaksOrTurnsALine() {
        assertEquals("a\\u000ab\\u000d\\u0000\\u007f", MessageText.of("a\nb\r\0\u007f"));
        assertEquals("\\u0085\\u2028\\u202e\\ufeff", MessageText.of("\u0085\u2028\u202e\ufeff"));
        assertEquals("\\ud800a\\udb40\\udc01", MessageText.of("\ud800a\udb40\udc01"));
    }

    @Test
    void cutsBehindTwoHundredCharacters() {
        assertEquals("x".repeat(199), MessageText.of("x".repeat(199)));
        assertEquals("x".repeat(200), MessageText.of("x".repeat(200)));
        assertEquals("x".repeat(200) + "\u2026", MessageText.of("x".repeat(201)));
        assertEquals("x".repeat(199) + "\u2026", MessageText.of("x".repeat(199) + "\n"));
    }

    @Property
    void isOneShortLine(@ForAll String any) {
        String text = MessageText.of(any);

        assertTrue(text.length() <= 201 && text.lines().count() <= 1, text);
        assertTrue(text.codePoints().noneMatch(c -> Character.isISOControl(c)), text);
    }
}
