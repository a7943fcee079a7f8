package dev.headgate.resolve;

import dev.headgate.engine.Immutable;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The addresses behind a name: all that are known, whoever uses how many. Servers change their order, so that a part of them would be another one
 * each time.
 *
 * @param addresses at least one, each once, those of IPv4 first, at most {@value #FAMILY_MAX} of either family
 * @param ttlNs how long they hold, within the bounds that are configured
 * @param missing what is not known of them
 */
@Immutable
public record AddressAnswer(List<InetAddress> addresses, long ttlNs, Missing missing) {
    /** As many as a message has. */
    static final int FAMILY_MAX = ResponseDecoder.RECORDS_MAX;

    /** Which addresses there may be beside those that are known: of a family whose look-up has failed while the other's has not. */
    public enum Missing {
        NOTHING,
        IPV4,
        IPV6
    }

    public AddressAnswer {
        addresses = List.copyOf(addresses);
    }

    /** {@code all} as they may stand in an answer. */
    static List<InetAddress> inOrder(Collection<InetAddress> all) {
        Stream<InetAddress> ipv4 = all.stream().filter(Inet4Address.class::isInstance);
        Stream<InetAddress> ipv6 = all.stream().filter(each -> !(each instanceof Inet4Address));
        return Stream.of(ipv4, ipv6)
                .flatMap(family -> family.distinct().limit(FAMILY_MAX))
                .toList();
    }

    /** These addresses, and of the family that is missing those that were {@code known} before. */
    public List<InetAddress> withKnown(List<InetAddress> known) {
        Set<InetAddress> all = new LinkedHashSet<>(addresses);
        for (InetAddress each : known) {
            Missing family = each instanceof Inet4Address ? Missing.IPV4 : Missing.IPV6;
            if (family == missing) {
                all.add(each);
            }
        }
        return List.copyOf(all);
    }
}
