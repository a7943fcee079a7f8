package dev.headgate.forward;

import dev.headgate.engine.Immutable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The address at the other end of a connection. Made once per connection and kept as long as it lives, so it holds two
 * words and no text; peers without an IP address share {@link #NONE}.
 */
@Immutable
public final class PeerAddress {
    /** The peer of a Unix-domain socket, which has no address and is never a trusted proxy. */
    public static final PeerAddress NONE = new PeerAddress(new IpAddress());

    private final long high;
    private final long low;

    private PeerAddress(IpAddress address) {
        high = address.high();
        low = address.low();
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

    /** The upper half in network order; 0 when not {@link #isKnown}. */
    public long high() {
        return high;
    }

    /** The lower half in network order; 0 when not {@link #isKnown}. */
    public long low() {
        return low;
    }

    /** Whether there is an address. */
    public boolean isKnown() {
        return this != NONE;
    }

    /** Whether it is an IPv6 address, and none mapped from IPv4. */
    public boolean isIpv6() {
        return isKnown() && !IpAddress.isIpv4(high, low);
    }

    /** Appends the text of RFC 5952, or {@code unknown}, at the position of {@code out}. */
    public void writeTo(ByteBuffer out) {
        if (isKnown()) {
            IpText.write(high, low, out);
        } else {
            IpText.writeUnknown(out);
        }
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
        ByteBuffer out = ByteBuffer.allocate(IpText.LENGTH_MAX);
        writeTo(out);
        return new String(out.array(), 0, out.position(), StandardCharsets.US_ASCII);
    }
}
