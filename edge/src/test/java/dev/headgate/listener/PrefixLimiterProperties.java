package dev.headgate.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.forward.PeerAddress;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PrefixLimiterProperties {
    /** Addresses that differ in any of their bits, so that some share a prefix and some do not. */
    @Provide
    Arbitrary<byte[]> addresses() {
        Arbitrary<byte[]> any = Arbitraries.of(4, 16)
                .flatMap(length -> Arbitraries.of((byte) 0, (byte) 1, (byte) 0x80)
                        .array(byte[].class)
                        .ofSize(length));
        return any.map(address -> {
            address[0] = 0x20; // neither unspecified nor IPv4 in IPv6
            return address;
        });
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void countsAsAMapOfPrefixesWould(
            @ForAll @Size(min = 1, max = 5) List<@From("addresses") byte[]> clients,
            @ForAll @Size(max = 40) List<@IntRange(max = 9) Integer> walk,
            @ForAll @IntRange(min = 1, max = 3) int connectionsMax,
            @ForAll @IntRange(min = 8, max = 32) int ipv4Bits,
            @ForAll @IntRange(min = 16, max = 128) int ipv6Bits)
            throws UnknownHostException {
        PrefixLimiter limiter = new PrefixLimiter(connectionsMax, ipv4Bits, ipv6Bits);
        Map<String, Integer> open = new HashMap<>();
        List<byte[]> connections = new ArrayList<>();
        for (int step : walk) {
            if (step % 2 == 0 || connections.isEmpty()) {
                byte[] client = clients.get(step % clients.size());
                String prefix = prefix(client, client.length == 4 ? ipv4Bits : ipv6Bits);
                boolean hasRoom = open.getOrDefault(prefix, 0) < connectionsMax;

                assertEquals(hasRoom, limiter.tryOpen(PeerAddress.of(InetAddress.getByAddress(client))));

                if (hasRoom) {
                    open.merge(prefix, 1, Integer::sum);
                    connections.add(client);
                }
            } else {
                byte[] client = connections.remove(step % connections.size());
                limiter.closed(PeerAddress.of(InetAddress.getByAddress(client)));
                open.merge(prefix(client, client.length == 4 ? ipv4Bits : ipv6Bits), -1, Integer::sum);
            }
            assertEquals(open.values().stream().filter(count -> count > 0).count(), limiter.prefixCount());
        }
    }

    private static String prefix(byte[] address, int bits) {
        BigInteger number = new BigInteger(1, address);
        return address.length + "/" + number.shiftRight(8 * address.length - bits);
    }
}
