package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0, true",
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, 9.255.255.255, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false",
        "::/0, 10.0.0.1, false",
        "::1, ::1, true"
    })
    void containsWhatSharesItsPrefix(String block, String address, boolean contained) throws UnknownHostException {
        assertEquals(contained, Cidr.of(block).contains(InetAddress.getByName(address)));
    }

    @Test
    void takesAMappedAddressForTheIpv4AddressThatItIs() {
        byte[] mapped = IpLiteral.parse("::ffff:10.1.2.3");
        assertTrue(Cidr.of("10.0.0.0/8").contains(mapped));
        assertFalse(Cidr.of("11.0.0.0/8").contains(mapped));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "10", "10.0.0", "10.0.0.0.0", "10.0.0.256", "010.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
                "10.0.0.0/08", "10.0.0.1/8", "::/129", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
                        "::12345",
                "fe80::1%eth0", "::1.2.3", "1.2.3.4::", "0x7f.1", "a.b.c.d", "\uff11.0.0.0", "1:2:3:4:5:6:7::8"
            })
    void refusesWhatIsNoBlock(String text) {
        assertNull(Cidr.parse(text));
        assertThrows(IllegalArgumentException.class, () -> Cidr.of(text));
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1/128",
        "0:0:0:0:0:0:0:0/0, ::/0",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3/128",
        "FD00::/8, fd00::/8",
        "1:2:3:4:5:6:7:0, 1:2:3:4:5:6:7:0/128",
        "::ffff:1.2.3.4, ::ffff:102:304/128",
        "192.0.2.7, 192.0.2.7/32"
    })
    void printsTheCanonicalForm(String text, String canonical) {
        assertEquals(canonical, Cidr.of(text).toString());
        assertEquals(Cidr.of(text), Cidr.of(canonical));
    }
}
