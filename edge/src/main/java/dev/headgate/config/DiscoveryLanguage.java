package dev.headgate.config;

import dev.headgate.config.UpstreamConfig.DiscoveryConfig;
import dev.headgate.config.UpstreamConfig.DnsConfig;
import dev.headgate.config.UpstreamConfig.DnsConfig.Family;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Values;

/** The keys of how endpoints are found. */
final class DiscoveryLanguage {
    /** Those that leave have slots too, for which there are twice as many. */
    private static final int ENDPOINTS_MAX = 8192;

    private DiscoveryLanguage() {}

    static ObjectSpec<DnsConfig> dns() {
        var spec = ObjectSpec.<DnsConfig>named(
                "upstream.dns",
                "How endpoint names are looked up; the last good answer stays in use while that fails.");
        var refresh = spec.withDefault(
                "refresh",
                Durations.between(Durations.SECOND, 300 * Durations.SECOND).orWord("ttl", 0L),
                0L,
                "Longest time between two look-ups; ttl is as long as answers hold, within dns.ttl. system does not tell how"
                        + " long that is: then 30s.");
        var timeout = spec.withDefault(
                "timeout",
                Durations.between(10 * Durations.MILLISECOND, Durations.MINUTE),
                5 * Durations.SECOND,
                "How long a look-up may take until it is reported, and how long a start waits for it. Its answer counts"
                        + " whenever it comes.");
        var family = spec.withDefault(
                "family",
                Scalars.words(
                        Words.of("auto", Family.AUTO, "ipv4", Family.IPV4, "ipv6", Family.IPV6, "both", Family.BOTH)),
                Family.AUTO,
                "Which addresses count. auto: those of IPv4 where there are any, otherwise those of IPv6; a name with one address of"
                        + " IPv4 and others of IPv6, such as localhost, is one host that is reached by either.");
        var endpoint = spec.withDefault(
                "endpoint",
                Scalars.words(Words.of("address", false, "name", true)),
                false,
                "What an endpoint is: each address of a name, or the name with all its addresses, with which connections begin in turn.");
        var nextAddress = spec.withDefault(
                "nextAddress",
                Durations.between(10 * Durations.MILLISECOND, 10 * Durations.SECOND),
                250 * Durations.MILLISECOND,
                "How long one address of an endpoint that has several is waited for before the next one is tried beside it. What"
                        + " connects first is used. One that fails is followed by the next at once.");
        return spec.build(new Shape<>() {
            @Override
            public DnsConfig make(Values<DnsConfig> values) {
                return new DnsConfig(
                        values.get(refresh),
                        values.get(timeout),
                        values.get(family),
                        values.get(endpoint),
                        values.get(nextAddress));
            }

            @Override
            public void split(DnsConfig config, Values<DnsConfig> values) {
                values.put(refresh, config.refreshNs());
                values.put(timeout, config.timeoutNs());
                values.put(family, config.family());
                values.put(endpoint, config.isOneEndpoint());
                values.put(nextAddress, config.nextAddressNs());
            }
        });
    }

    static ObjectSpec<DiscoveryConfig> discovery() {
        var spec = ObjectSpec.<DiscoveryConfig>named(
                "upstream.discovery", "How a list of endpoints that changes is followed.");
        var drain = spec.withDefault(
                "drain",
                Durations.between(0, Durations.HOUR),
                30 * Durations.SECOND,
                "How long an endpoint that has left the list keeps unused connections and what is known of it, in case it comes"
                        + " back. What is under way there ends in its own time.");
        var endpoints = spec.withDefault(
                "endpoints",
                Scalars.count(1, ENDPOINTS_MAX),
                1024,
                "How many endpoints there may be at a time. Further ones are left out.");
        return spec.build(new Shape<>() {
            @Override
            public DiscoveryConfig make(Values<DiscoveryConfig> values) {
                return new DiscoveryConfig(values.get(drain), values.get(endpoints));
            }

            @Override
            public void split(DiscoveryConfig config, Values<DiscoveryConfig> values) {
                values.put(drain, config.drainNs());
                values.put(endpoints, config.endpoints());
            }
        });
    }
}
