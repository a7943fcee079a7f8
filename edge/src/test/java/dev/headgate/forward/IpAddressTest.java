package dev.headgate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "255.255.255.255", "10.20.30.40", "1.2.3.4"})
    void readsIpv4(String text) {
        assertEquals(text, read(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "1.2.3.4.",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.1.1.256",
                "01.2.3.4",
                "1.2.3.00",
                "1.2.3.0004",
                "1.2.3.+4",
                "1.2.3.4 ",
                " 1.2.3.4",
                "0x7f.0.0.1",
                "127.1",
                "a.b.c.d"
            })
    void refusesWhatOnlyLooksLikeIpv4(String text) {
        assertFalse(new IpAddress().readIpv4(ByteBuffer.wrap(Heads.bytes(text)), 0, text.length()));
    }

    @ParameterizedTest
    @CsvSource({
        // as written, as RFC 5952 writes it
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:DB8::1, 2001:db8::1",
        "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "1::8, 1::8",
        "1:2::7:8, 1:2::7:8",
        "1:2:3:4::8, 1:2:3:4::8",
        "1:2:3:4:5::8, 1:2:3:4:5::8",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "0:0:0:0:0:0:0:0, ::",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::ffff:c000:201, 192.0.2.1",
        "::192.0.2.1, ::c000:201",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "64:ff9b::1.2.3.4, 64:ff9b::102:304"
    })
    void readsIpv6(String text, String canonical) {
        assertEquals(canonical, read(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1",
                "1:",
                ":1",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1:2:3:4::5:6:7:8",
                "12345::",
                "::g",
                "fe80::1%eth0",
                "::1.2.3",
                "::1.2.3.4:5",
                "1.2.3.4::",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.256",
                "1::2:",
                "[::1]",
                "::1 ",
                " ::1",
                "1:::2"
            })
    void refusesWhatOnlyLooksLikeIpv6(String text) {
        assertFalse(new IpAddress().readIpv6(ByteBuffer.wrap(Heads.bytes(text)), 0, text.length()));
    }

    @Test
    void isUnknownAtFirst() {
        assertFalse(new IpAddress().isKnown());
        assertEquals("unknown", Heads.text(new IpAddress()));
    }

    @Test
    void takesBothSpellingsOfIpv4AsOne() {
        IpAddress mapped = new IpAddress();
        mapped.setBytes(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1});

        assertTrue(Heads.peer("10.0.0.1").isSame(mapped));
        assertFalse(mapped.isIpv6());
    }

    private static String read(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(Heads.bytes(text));
        IpAddress address = new IpAddress();
        boolean isRead = address.readIpv4(bytes, 0, text.length()) || address.readIpv6(bytes, 0, text.length());
        return isRead ? Heads.text(address) : "refused";
    }
}
