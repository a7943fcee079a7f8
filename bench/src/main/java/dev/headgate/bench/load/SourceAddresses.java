package dev.headgate.bench.load;

import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.SocketOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Options of connections that come from several loopback addresses in turn. */
@LoopConfined
final class SourceAddresses {
    private static final int FIRST = 127 << 24 | 2; // 127.0.0.1 is left to those who do not choose

    private final SocketOptions[] options;
    private int next;

    /** @param count 0 for the system's choice */
    SourceAddresses(int count, SocketOptions base, int loopIndex) {
        this.next = loopIndex;
        this.options = new SocketOptions[Math.max(1, count)];
        options[0] = base;
        for (int i = 0; i < count; i++) {
            options[i] = base.withLocalAddress(new InetSocketAddress(address(FIRST + i), 0));
        }
    }

    private static InetAddress address(int bits) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits});
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    SocketOptions takeNext() {
        SocketOptions taken = options[next % options.length];
        next = (next + 1) % options.length;
        return taken;
    }
}
