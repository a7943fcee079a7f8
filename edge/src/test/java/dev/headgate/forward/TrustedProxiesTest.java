package dev.headgate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
        "::ffff:10.0.0.0/104, 10.1.2.3, true",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.0/31, 192.0.2.1, true",
        "192.0.2.0/31, 192.0.2.2, false",
        "0.0.0.0/0, 203.0.113.1, true",
        "0.0.0.0/0, ::1, false",
        "::/0, ::1, true",
        "::/0, 203.0.113.1, true",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false",
        "2001:db8::/63, 2001:db8:0:1::1, true",
        "2001:db8::/63, 2001:db8:0:2::1, false",
        "2001:db8::/64, 2001:db8:0:0:ffff::1, true",
        "2001:db8::/64, 2001:db8:0:1::1, false",
        "2001:db8::/65, 2001:db8::8000:0:0:0, false",
        "2001:db8::1, 2001:db8::1, true"
    })
    void knowsItsBlocks(String block, String address, boolean expected) {
        assertEquals(expected, TrustedProxies.parse(List.of(block)).contains(Heads.peer(address)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/-1",
                "10.0.0.0/08",
                "10.0.0.0/8/8",
                "a/8",
                "10.0.0/8",
                "::1%lo/8",
                "10.0.0.0/+8",
                "10.0.0.0/9999"
            })
    void refusesWhatIsNoBlock(String text) {
        assertThrows(IllegalArgumentException.class, () -> AddressBlock.parse(text));
    }

    @Test
    void takesBytesLikeTexts() {
        assertEquals(AddressBlock.parse("10.0.0.0/8"), AddressBlock.of(new byte[] {10, 1, 2, 3}, 8));
        assertThrows(IllegalArgumentException.class, () -> AddressBlock.of(new byte[5], 8));
        assertThrows(IllegalArgumentException.class, () -> AddressBlock.of(new byte[4], 33));
    }

    @Test
    void looksThroughAllBlocks() {
        TrustedProxies proxies = TrustedProxies.parse(List.of("10.0.0.0/8", "fd00::/8", "192.0.2.1"));

        assertTrue(proxies.contains(Heads.peer("192.0.2.1")));
        assertFalse(proxies.contains(Heads.peer("192.0.2.2")));
        assertFalse(TrustedProxies.NONE.contains(Heads.peer("10.0.0.1")));
    }

    @Test
    void neverTrustsAPeerWithoutAddress() {
        TrustedProxies everyone = TrustedProxies.parse(List.of("::/0"));

        assertFalse(everyone.contains(PeerAddress.NONE));
        assertFalse(everyone.contains(new IpAddress()));
    }
}
