package dev.headgate.config;

import dev.headgate.config.ListenerTls.Profile;
import dev.headgate.config.UpstreamConfig.EndpointConfig;
import dev.headgate.config.UpstreamTls.Verify;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Values;
import java.util.Optional;

/** The keys of TLS to an upstream. */
final class UpstreamTlsLanguage {
    static final ObjectSpec<UpstreamTls> UPSTREAM_TLS = upstreamTls();

    private static final int PROTOCOLS_MAX = 32;

    private UpstreamTlsLanguage() {}

    private static ObjectSpec<UpstreamTls> upstreamTls() {
        var spec = ObjectSpec.<UpstreamTls>named("upstream.tls", "TLS to an upstream.");
        var verify = spec.withDefault(
                        "verify",
                        Scalars.words(Words.of("full", Verify.FULL, "ca", Verify.CA, "off", Verify.OFF)),
                        Verify.FULL,
                        "What of an origin's certificate is checked: full is its issuer and its name, ca its issuer, off"
                                + " nothing, so that anybody on the way can read and change everything.")
                .edgeLimit();
        var ca = spec.optional(
                "ca", TlsLanguage.path(), "PEM file with the roots that are trusted; without it those of the JDK.");
        var serverName = spec.optional(
                "serverName",
                serverName(),
                "The name that is asked for and verified; without it the host of each endpoint. An address is verified"
                        + " and not sent.");
        var clientCertificate = spec.optional(
                "clientCertificate",
                TlsLanguage.CLIENT_CERTIFICATE,
                "What is shown to origins that ask for a certificate.");
        var profile = spec.withDefault(
                "profile",
                TlsLanguage.profile(),
                Profile.INTERMEDIATE,
                "Versions and cipher suites: modern is TLS 1.3 alone, intermediate takes TLS 1.2 as well.");
        var alpn = spec.optional(
                "alpn",
                new ListSpec<>(PassThroughLanguage.protocol(), 0, PROTOCOLS_MAX).distinctBy("protocol", name -> name),
                "Application protocols that are offered (ALPN), the preferred first; [] offers none. Without it what protocol"
                        + " says is offered for requests, and nothing for what comes from listeners for tcp. Where a route"
                        + " leads here, only what protocol speaks may be named, otherwise anything.");
        var watch = spec.withDefault(
                "watch",
                Durations.between(0, Durations.HOUR),
                ListenerTls.DEFAULT_WATCH_NS,
                "How often the files are looked at. Changed ones are used for new connections once two looks have seen the"
                        + " same; those that are of no use change nothing. 0s: never.");
        var provider = spec.optional("provider", ProviderLanguage.NAME, ProviderLanguage.DESCRIPTION);
        return spec.build(new Shape<>() {
            @Override
            public UpstreamTls make(Values<UpstreamTls> values) {
                return new UpstreamTls(
                        values.get(verify),
                        Optional.ofNullable(values.find(ca)),
                        Optional.ofNullable(values.find(serverName)),
                        Optional.ofNullable(values.find(clientCertificate)).map(TlsLanguage.Draft::source),
                        values.get(profile),
                        Optional.ofNullable(values.find(alpn)),
                        values.get(watch),
                        Optional.ofNullable(values.find(provider)));
            }

            @Override
            public void split(UpstreamTls tls, Values<UpstreamTls> values) {
                values.put(verify, tls.verify());
                values.put(ca, tls.ca().orElse(null));
                values.put(serverName, tls.serverName().orElse(null));
                values.put(
                        clientCertificate,
                        tls.clientCertificate().map(TlsLanguage.Draft::of).orElse(null));
                values.put(profile, tls.profile());
                values.put(alpn, tls.alpn().orElse(null));
                values.put(watch, tls.watchNs());
                values.put(provider, tls.provider().orElse(null));
            }

            @Override
            public void check(UpstreamTls tls, Place place) {
                checkCa(tls, place);
            }
        });
    }

    private static ScalarSpec<String> serverName() {
        return Scalars.text("server name", "a host name or an address, without a port", value -> {
            String host = Hosts.canonical(value.text());
            if (host == null || !canBeServerName(host)) throw Refused.badValue("not a host name");
            return host;
        });
    }

    private static void checkCa(UpstreamTls tls, Place place) {
        if (tls.verify() != Verify.OFF || tls.ca().isEmpty()) return;
        Place at = place.at("ca");
        at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "ca verifies nothing while verify is off")
                .found("ca and verify: off")
                .expected("verify: full or ca, or no ca"));
    }

    /** Every endpoint needs a name to ask for. */
    static void checkServerNames(UpstreamConfig upstream, Place place) {
        UpstreamTls tls = upstream.tls().orElse(null);
        if (tls == null || tls.serverName().isPresent()) return;
        for (EndpointConfig endpoint : upstream.endpoints()) {
            if (hasServerName(endpoint)) continue;
            Place at = place.at("tls");
            at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "there is no server name for an endpoint")
                    .found("\"" + endpoint.address() + "\"")
                    .expected("serverName, or an endpoint with a host name of letters, digits and hyphens")
                    .suggest("add serverName: with a name that the origin's certificate is for"));
            return;
        }
    }

    /** Whether there is a name to ask an endpoint for. */
    static boolean hasServerName(EndpointConfig endpoint) {
        return endpoint.address() instanceof Address.Tcp tcp && canBeServerName(tcp.host());
    }

    /** Underscores may stand in what containers are called, but in no name of a certificate. */
    private static boolean canBeServerName(String canonicalHost) {
        return canonicalHost.indexOf('_') < 0;
    }
}
