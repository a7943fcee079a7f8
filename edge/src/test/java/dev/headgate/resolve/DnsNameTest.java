package dev.headgate.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsNameTest {
    static DnsName name(String text) {
        return Objects.requireNonNull(DnsName.ofText(text), text);
    }

    @Test
    void isLabelsBehindTheirLengthsInLowerCase() {
        ByteBuffer wire = ByteBuffer.allocate(20);
        name("Www.Example").put(wire);
        byte[] expected = {3, 'w', 'w', 'w', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0};
        assertEquals(ByteBuffer.wrap(expected), wire.flip());
    }

    @Test
    void isTheSameInEitherCaseAndWithTheDotOfTheRoot() {
        assertEquals(name("example.com"), name("EXAMPLE.Com."));
        assertEquals(name("example.com").hashCode(), name("EXAMPLE.Com.").hashCode());
        assertEquals("example.com", name("EXAMPLE.Com.").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", ".a", "a..b", "a..", "ä.example"})
    void noNameHasEmptyOrForeignLabels(String text) {
        assertNull(DnsName.ofText(text));
    }

    @ParameterizedTest
    @CsvSource({"62, true", "63, true", "64, false"})
    void labelsHaveAtMostSoManyBytes(int length, boolean isName) {
        assertEquals(isName, DnsName.ofText("a".repeat(length) + ".example") != null);
    }

    /** Three labels of 63 make 192 bytes with their lengths, and the root one more: 61 bytes are left for the fourth. */
    @ParameterizedTest
    @CsvSource({"60, 254", "61, 255", "62, 0"})
    void namesHaveAtMostSoManyBytes(int last, int length) {
        DnsName name = DnsName.ofText(("a".repeat(63) + ".").repeat(3) + "b".repeat(last));
        assertEquals(length, name == null ? 0 : name.length());
    }

    @ParameterizedTest
    @CsvSource({"61, 255", "62, 0"})
    void namesBelowOthersAreBoundedToo(int last, int length) {
        DnsName name = name("b".repeat(last)).below(name(("a".repeat(63) + ".").repeat(3)));
        assertEquals(length, name == null ? 0 : name.length());
    }

    @Test
    void goesBelowAnother() {
        assertEquals(name("db.prod.example"), name("db").below(name("prod.example")));
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.com, example.com, true",
        "example.com, example.com, true",
        "example.com, com, true",
        "example.com, www.example.com, false",
        "badexample.com, example.com, false",
        "example.com, example.org, false"
    })
    void knowsWhatItLiesBelow(String text, String ancestor, boolean isWithin) {
        assertEquals(isWithin, name(text).isWithin(name(ancestor)));
    }

    @Test
    void everyNameLiesBelowTheRoot() {
        DnsName root = DnsName.ofWire(new byte[1]);
        assertTrue(root.isRoot());
        assertTrue(name("example.com").isWithin(root));
        assertEquals(".", root.toString());
        assertNotNull(name("a").below(root));
    }

    @Test
    void showsStrangeBytesByTheirNumbers() {
        DnsName name = DnsName.ofWire(new byte[] {4, 'a', '.', 7, (byte) 0xFF, 0});
        assertEquals("a\\046\\007\\255", name.toString());
    }
}
