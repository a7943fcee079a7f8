package dev.headgate.fuzz.work;

import dev.headgate.forward.PeerAddress;
import dev.headgate.listener.PrefixLimiter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Connections of many addresses, all in one place of a table by {@code Long.hashCode}. The input says how many hundreds. */
public final class ProbedLimiter implements Consumer<byte[]> {
    private static final long HIGH = 0x2001_0db8_0000_0000L;

    @Override
    public void accept(byte[] input) {
        var limiter = new PrefixLimiter(10, 32, 128);
        List<PeerAddress> clients = new ArrayList<>();
        for (long i = 1; i <= 100 * input[0]; i++) {
            // The two halves of a word cancel each other out.
            clients.add(address((i << 32 | i) - 31 * HIGH));
        }
        clients.forEach(limiter::tryOpen);
        clients.forEach(limiter::closed);
    }

    private static PeerAddress address(long low) {
        try {
            var bytes = ByteBuffer.allocate(16).putLong(HIGH).putLong(low).array();
            return PeerAddress.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
