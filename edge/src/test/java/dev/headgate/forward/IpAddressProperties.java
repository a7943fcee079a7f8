package dev.headgate.forward;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class IpAddressProperties {
    @Property
    void writesWhatTheJdkReadsAsTheSame(@ForAll @Size(8) byte[] groups) throws UnknownHostException {
        byte[] bytes = widen(groups);
        IpAddress address = new IpAddress();
        address.setBytes(bytes);

        String text = Heads.text(address);
        assertArrayEquals(
                InetAddress.getByAddress(bytes).getAddress(),
                InetAddress.getByName(text).getAddress());
        assertTrue(text.length() <= IpText.LENGTH_MAX);
    }

    @Property
    void readsWhatTheJdkWrites(@ForAll @Size(8) byte[] groups) throws UnknownHostException {
        InetAddress inet = InetAddress.getByAddress(widen(groups));
        String text = inet.getHostAddress();
        ByteBuffer buffer = ByteBuffer.wrap(Heads.bytes(text));
        IpAddress address = new IpAddress();

        boolean isRead = text.indexOf(':') < 0
                ? address.readIpv4(buffer, 0, text.length())
                : address.readIpv6(buffer, 0, text.length());

        assertTrue(isRead, text);
        assertTrue(PeerAddress.of(inet).isSame(address), text);
    }

    // Letters that addresses are made of, so that many texts come close. What is read, the JDK reads too.
    @Property(tries = 20_000)
    void readsNothingThatTheJdkDoesNot(
            @ForAll @StringLength(max = 24) @Chars({':', ':', '.', '[', ']', '_', '%'}) @CharRange(from = '0', to = 'f')
                    String text)
            throws UnknownHostException {
        byte[] bytes = Heads.bytes(text);
        IpAddress address = new IpAddress();
        for (NodeReader.Source source : NodeReader.Source.values()) {
            NodeReader.read(ByteBuffer.wrap(bytes), 0, bytes.length, source, address);
        }
        if (address.readIpv6(ByteBuffer.wrap(bytes), 0, bytes.length)) {
            assertTrue(PeerAddress.of(InetAddress.getByName(text)).isSame(address), text);
        }
    }

    @Property
    void blocksHoldWhatSharesTheirPrefix(
            @ForAll @Size(16) byte[] network, @ForAll @Size(16) byte[] other, @ForAll @IntRange(max = 128) int bits) {
        AddressBlock block = AddressBlock.of(network, bits);
        IpAddress address = new IpAddress();
        address.setBytes(other);

        BigInteger difference = new BigInteger(1, network).xor(new BigInteger(1, other));
        assertEquals(difference.bitLength() <= 128 - bits, block.contains(address.high(), address.low()));
        byte[] near = network.clone();
        if (bits > 0) {
            near[(bits - 1) / 8] ^= (byte) (0x80 >>> ((bits - 1) % 8));
            address.setBytes(near);
            assertEquals(false, block.contains(address.high(), address.low()), Arrays.toString(near));
        }
    }

    // Half of the groups are small or zero, as in addresses that people use.
    private static byte[] widen(byte[] groups) {
        byte[] bytes = new byte[16];
        for (int i = 0; i < groups.length; i++) {
            boolean isZero = groups[i] < 0;
            bytes[2 * i] = isZero || groups[i] % 3 == 0 ? 0 : groups[(i + 1) % 8];
            bytes[2 * i + 1] = isZero ? 0 : groups[i];
        }
        return bytes;
    }
}
