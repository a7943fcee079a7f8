package dev.headgate.discover;

import dev.headgate.config.Address;
import dev.headgate.config.UpstreamConfig.DnsConfig;
import dev.headgate.config.UpstreamConfig.EndpointConfig;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which addresses of a name are one endpoint. */
final class AddressGroups {
    private AddressGroups() {}

    /**
     * The endpoints that a name with these addresses leads to, in an order that is that of the addresses themselves: servers change
     * theirs with each answer.
     */
    static List<WantedEndpoint> of(EndpointConfig config, Address.Tcp name, DnsConfig dns, List<InetAddress> found) {
        List<InetAddress> chosen = chosen(dns, found);
        if (chosen.isEmpty()) {
            return List.of();
        }
        if (dns.isOneEndpoint()) {
            return List.of(WantedEndpoint.whole(config, name, chosen));
        }
        if (dns.family() == DnsConfig.Family.AUTO && hasOneIpv4(chosen)) {
            return List.of(WantedEndpoint.named(config, name, chosen));
        }
        return chosen.stream()
                .map(each -> WantedEndpoint.named(config, name, List.of(each)))
                .toList();
    }

    /**
     * Those of {@code found} that count, {@code most} at most: those that are {@code known} before others, so that endpoints do not come and go
     * with the order of answers.
     */
    static List<InetAddress> used(DnsConfig dns, List<InetAddress> found, Collection<InetAddress> known, int most) {
        List<InetAddress> chosen = chosen(dns, found);
        Set<InetAddress> used = new HashSet<>();
        if (hasOneIpv4(chosen)) {
            used.add(chosen.getFirst()); // What the one host is called by.
        }
        Set<InetAddress> before = Set.copyOf(known);
        addUpTo(most, chosen.stream().filter(before::contains).toList(), used);
        addUpTo(most, chosen, used);
        return chosen.stream().filter(used::contains).toList();
    }

    private static void addUpTo(int most, List<InetAddress> from, Set<InetAddress> to) {
        for (InetAddress each : from) {
            if (to.size() < most) {
                to.add(each);
            }
        }
    }

    private static boolean hasOneIpv4(List<InetAddress> addresses) {
        return addresses.stream().filter(Inet4Address.class::isInstance).count() == 1;
    }

    /** Those that count. */
    private static List<InetAddress> chosen(DnsConfig dns, List<InetAddress> found) {
        List<InetAddress> distinct = new ArrayList<>(new LinkedHashSet<>(found));
        List<InetAddress> ipv4 =
                sorted(distinct.stream().filter(Inet4Address.class::isInstance).toList());
        List<InetAddress> ipv6 = sorted(distinct.stream()
                .filter(each -> !(each instanceof Inet4Address))
                .toList());
        return switch (dns.family()) {
            case IPV4 -> ipv4;
            case IPV6 -> ipv6;
            case BOTH -> inTurn(ipv4, ipv6);
            // One host that is reached by either is usual, localhost for one; several by both are as many hosts as one
            // family has.
            case AUTO -> dns.isOneEndpoint() || ipv4.size() == 1 ? inTurn(ipv4, ipv6) : ipv4.isEmpty() ? ipv6 : ipv4;
        };
    }

    private static List<InetAddress> sorted(List<InetAddress> addresses) {
        return addresses.stream()
                .sorted((a, b) -> Arrays.compareUnsigned(a.getAddress(), b.getAddress()))
                .toList();
    }

    /** The families in turn, so that the second address tried is of the other one (RFC 8305 §4). */
    private static List<InetAddress> inTurn(List<InetAddress> first, List<InetAddress> second) {
        List<InetAddress> all = new ArrayList<>(first.size() + second.size());
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
            if (i < first.size()) {
                all.add(first.get(i));
            }
            if (i < second.size()) {
                all.add(second.get(i));
            }
        }
        return all;
    }
}
