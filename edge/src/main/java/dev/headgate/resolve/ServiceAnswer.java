package dev.headgate.resolve;

import dev.headgate.engine.Immutable;
import java.net.InetAddress;
import java.util.List;

/**
 * Where a service is (RFC 2782).
 *
 * @param targets at least one
 * @param ttlNs how long all of it holds, within the bounds that are configured
 */
@Immutable
public record ServiceAnswer(List<Target> targets, long ttlNs) {
    /**
     * One place.
     *
     * @param host its name, in lower case, without the dot of the root
     * @param port 0 to 65,535
     * @param priority 0 to 65,535; lower ones are used first
     * @param weight 0 to 65,535; among those of one priority
     * @param addresses empty where they could not be looked up now: what was known of this host still is
     */
    @Immutable
    public record Target(String host, int port, int priority, int weight, List<InetAddress> addresses) {
        public Target {
            addresses = List.copyOf(addresses);
        }
    }

    public ServiceAnswer {
        targets = List.copyOf(targets);
    }
}
