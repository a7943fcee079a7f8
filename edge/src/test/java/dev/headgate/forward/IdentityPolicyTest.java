package dev.headgate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.forward.IdentityPolicy.Origin;
import dev.headgate.http.FieldSection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityPolicyTest {
    private static final String[] LINES = {
        "Server: nginx",
        "X-Powered-By: PHP",
        "x-aspnet-version: 4",
        "X-AspNetMvc-Version: 5",
        "X-Generator: Drupal",
        "X-Runtime: 0.1",
        "Content-Type: a/b",
        "Server: second"
    };

    @Test
    void stripsEverything() {
        assertEquals(
                "Content-Type: a/b\n",
                applied(IdentityPolicy.withServer(Origin.STRIP, Origin.STRIP)).toString());
    }

    @Test
    void passesEverything() {
        assertEquals(
                String.join("\n", LINES) + "\n",
                applied(IdentityPolicy.withServer(Origin.PASS, Origin.PASS)).toString());
    }

    @Test
    void stripsEitherAlone() {
        assertEquals(
                "Server: nginx\nContent-Type: a/b\nServer: second\n",
                applied(IdentityPolicy.withServer(Origin.PASS, Origin.STRIP)).toString());
    }

    @Test
    void replacesTheServer() {
        IdentityPolicy policy = IdentityPolicy.withServerText("headgate", Origin.STRIP);
        FieldSection fields = Heads.section(LINES);
        int before = fields.appendOffset();

        assertTrue(policy.apply(fields));

        assertEquals("Content-Type: a/b\nServer: headgate\n", fields.toString());
        assertEquals(policy.addedBytesMax(), fields.appendOffset() - before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " a", "a\r\nb", "a\u0000"})
    void refusesTextsThatAreNoValues(String text) {
        assertThrows(IllegalArgumentException.class, () -> IdentityPolicy.withServerText(text, Origin.STRIP));
    }

    private static FieldSection applied(IdentityPolicy policy) {
        FieldSection fields = Heads.section(LINES);
        assertTrue(policy.apply(fields));
        assertEquals(0, policy.addedBytesMax());
        return fields;
    }
}
