package dev.headgate.forward;

import dev.headgate.engine.Immutable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The address at the other end of a connection, with its text. Made once per connection and kept as long as it lives,
 * so it holds no more than a request needs; peers without an IP address share {@link #NONE}.
 */
@Immutable
public final class PeerAddress {
    /** The peer of a Unix-domain socket, which has no address and is never a trusted proxy. */
    public static final PeerAddress NONE = new PeerAddress(new IpAddress());

    private final long high;
    private final long low;
    private final byte[] text;

    private PeerAddress(IpAddress address) {
        high = address.high();
        low = address.low();
        ByteBuffer out = ByteBuffer.allocate(IpText.LENGTH_MAX);
        address.writeTo(out);
        text = Arrays.copyOf(out.array(), out.position());
    }

    /** The address of a socket's peer; {@link #NONE} when it has none. */
    public static PeerAddress of(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null ? of(inet.getAddress()) : NONE;
    }

    /** The address itself; one mapped into IPv6 becomes the IPv4 address that it stands for. */
    public static PeerAddress of(InetAddress address) {
        IpAddress ip = new IpAddress();
        ip.setBytes(address.getAddress());
        return new PeerAddress(ip);
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    /** Whether there is an address. */
    public boolean isKnown() {
        return this != NONE;
    }

    boolean isIpv6() {
        return isKnown() && !IpAddress.isIpv4(high, low);
    }

    /** Bytes of the text. */
    public int textLength() {
        return text.length;
    }

    /** Appends the text of RFC 5952, or {@code unknown}, at the position of {@code out}. */
    public void writeTo(ByteBuffer out) {
        out.put(text);
    }

    boolean isSame(IpAddress address) {
        return isKnown() == address.isKnown() && high == address.high() && low == address.low();
    }

    void copyTo(IpAddress address) {
        if (isKnown()) {
            address.set(high, low);
        } else {
            address.clear();
        }
    }

    @Override
    public String toString() {
        return new String(text, StandardCharsets.US_ASCII);
    }
}
