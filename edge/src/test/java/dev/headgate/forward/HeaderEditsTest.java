package dev.headgate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderEditsTest {
    @Test
    void removesThenSetsThenAdds() {
        HeaderEdits edits = HeaderEdits.builder()
                .add("x-both", "added")
                .add("Cookie", "added")
                .set("x-both", "set")
                .set("user-agent", "ours")
                .remove("x-debug")
                .remove("Referer")
                .build();
        FieldSection fields = Heads.section(
                "X-Debug: 1",
                "X-Both: old",
                "Accept: */*",
                "x-debug: 2",
                "User-Agent: a",
                "Cookie: c",
                "Referer: r",
                "X-BOTH: old");
        int before = fields.appendOffset();

        assertTrue(edits.apply(fields));

        assertEquals(
                "Accept: */*\nCookie: c\nx-both: set\nUser-Agent: ours\nx-both: added\nCookie: added\n",
                fields.toString());
        assertEquals(edits.addedBytes(), fields.appendOffset() - before);
    }

    @Test
    void setsEachNameOnce() {
        HeaderEdits edits =
                HeaderEdits.builder().set("x-a", "1").set("X-A", "2").build();
        FieldSection fields = Heads.section("x-a: 0");

        assertTrue(edits.apply(fields));

        assertEquals("X-A: 2\n", fields.toString());
    }

    @Test
    void doesNothingByDefault() {
        FieldSection fields = Heads.section("A: b");

        assertTrue(HeaderEdits.NONE.isEmpty());
        assertTrue(HeaderEdits.NONE.apply(fields));
        assertEquals("A: b\n", fields.toString());
        assertFalse(HeaderEdits.builder().remove("x").build().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "Connection",
                "Content-Length",
                "transfer-encoding",
                "TE",
                "Trailer",
                "Upgrade",
                "Keep-Alive",
                "Proxy-Connection",
                "HTTP2-Settings",
                "Expect",
                "Via",
                "Forwarded",
                "X-Forwarded-For",
                "X-Forwarded-Proto",
                "X-Forwarded-Host",
                "X-Forwarded-Port",
                "X-Request-ID"
            })
    void protectsWhatTheProxyWrites(String name) {
        assertNotNull(HeaderEdits.nameError(name));
        assertThrows(IllegalArgumentException.class, () -> HeaderEdits.builder().remove(name));
        assertThrows(IllegalArgumentException.class, () -> HeaderEdits.builder().set(name, "x"));
        assertThrows(IllegalArgumentException.class, () -> HeaderEdits.builder().add(name, "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", ":path", "é", "a\r\n"})
    void refusesWhatIsNoName(String name) {
        assertNotNull(HeaderEdits.nameError(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {" a", "a ", "a\r\nx: y", "a\nb", "a\u0000", "\u007f", "€"})
    void refusesWhatIsNoValue(String value) {
        assertNotNull(HeaderEdits.valueError(value));
        assertThrows(IllegalArgumentException.class, () -> HeaderEdits.builder().set("x", value));
        assertThrows(IllegalArgumentException.class, () -> HeaderEdits.builder().add("x", value));
    }

    @Test
    void takesEmptyAndLatin1Values() {
        assertNull(HeaderEdits.valueError(""));
        assertNull(HeaderEdits.valueError("h\u00e9 \t x"));
    }

    @Test
    void refusesAStoreWithoutEnoughRoom() {
        String text = "GET / HTTP/1.1\r\nHost: a\r\nx-a: 0\r\n\r\n";
        HeaderEdits edits = HeaderEdits.builder().set("x-a", "1").build();

        assertTrue(edits.apply(Heads.decode(text, edits.addedBytes() + 1).fields()));
        assertTrue(edits.apply(Heads.decode(text, edits.addedBytes()).fields()));
        RequestHead tight = Heads.decode(text, edits.addedBytes() - 1);
        assertFalse(edits.apply(tight.fields()));
        assertEquals("Host: a\nx-a: 0\n", tight.fields().toString());
    }
}
