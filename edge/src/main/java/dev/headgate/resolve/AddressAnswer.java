package dev.headgate.resolve;

import dev.headgate.engine.Immutable;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The addresses behind a name.
 *
 * @param addresses at least one, each once, those of IPv4 first
 * @param ttlNs how long they hold, within the bounds that are configured
 * @param missing what is not known of them
 */
@Immutable
public record AddressAnswer(List<InetAddress> addresses, long ttlNs, Missing missing) {
    /** Which addresses there may be beside those that are known: of a family whose look-up has failed while the other's has not. */
    public enum Missing {
        NOTHING,
        IPV4,
        IPV6
    }

    public AddressAnswer {
        addresses = List.copyOf(addresses);
    }

    /** These addresses, and of the family that is missing those that were {@code known} before, {@code most} in all. */
    public List<InetAddress> withKnown(List<InetAddress> known, int most) {
        List<InetAddress> all = new ArrayList<>(addresses);
        for (InetAddress each : known) {
            Missing family = each instanceof Inet4Address ? Missing.IPV4 : Missing.IPV6;
            if (family == missing && all.size() < most && !all.contains(each)) {
                all.add(each);
            }
        }
        return all;
    }
}
