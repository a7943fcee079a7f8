package dev.headgate.config;

import dev.headgate.config.ClientAuth.Mode;
import dev.headgate.config.ClientAuthRules.Forward;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Key;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.ShorthandSpec;
import dev.headgate.config.spec.Spec;
import dev.headgate.config.spec.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The keys of client certificates on a listener. */
final class ClientAuthLanguage {
    private static final int NAMES_MAX = 1000;

    static final ObjectSpec<ClientAuth> NAME_AUTH = nameAuth();
    static final ObjectSpec<ClientAuthRules.Named> NAME = name();
    static final ObjectSpec<Usual> LISTENER_AUTH = listenerAuth();

    private ClientAuthLanguage() {}

    /** What stands under the listener's own {@code clientAuth}. */
    record Usual(ClientAuth clientAuth, List<Forward> forwards) {
        static final Usual OFF = new Usual(ClientAuth.OFF, List.of());
    }

    /** The keys of {@code tls} on a listener that belong here. */
    record Keys(Key<ListenerTls, Usual> usual, Key<ListenerTls, List<ClientAuthRules.Named>> names) {
        static Keys in(ObjectSpec.Builder<ListenerTls> spec) {
            return new Keys(
                    spec.withDefault(
                            "clientAuth",
                            LISTENER_AUTH,
                            Usual.OFF,
                            "Client certificates. Clients are not asked for any without it."),
                    spec.withDefault(
                            "names",
                            new ListSpec<>(NAME, 0, NAMES_MAX)
                                    .distinctBy("name", named -> named.name().text()),
                            List.of(),
                            "What differs for clients that ask for a name: the exact name counts before a wildcard,"
                                    + " the longer wildcard before the shorter."));
        }

        ClientAuthRules make(Values<ListenerTls> values) {
            Usual made = values.get(usual);
            return new ClientAuthRules(made.clientAuth(), values.get(names), made.forwards());
        }

        void split(ClientAuthRules rules, Values<ListenerTls> values) {
            values.put(usual, new Usual(rules.usual(), rules.forwards()));
            values.put(names, rules.names());
        }
    }

    /** What is forwarded must come from somewhere. */
    static void check(ClientAuthRules rules, Place place) {
        if (rules.forwards().isEmpty() || rules.asksAnybody()) return;
        Place at = place.at("clientAuth").at("forward");
        at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "there is no client certificate to forward")
                .found("forward, and no client is asked for a certificate")
                .expected("mode: require, optional or request, here or under names"));
    }

    /** The keys that say what is asked for. */
    private record AuthKeys<T>(Key<T, Mode> mode, Key<T, String> ca, Key<T, String> crl) {
        static <T> AuthKeys<T> in(ObjectSpec.Builder<T> spec) {
            return new AuthKeys<>(
                    spec.required(
                            "mode",
                            Scalars.words(modes()),
                            "require: without a verified certificate there is no connection. optional: none is let in"
                                    + " too. request: any is let in, and routes and origins learn whether it is"
                                    + " verified. off: none is asked for."),
                    spec.optional(
                            "ca",
                            TlsLanguage.path(),
                            "PEM file with the authorities that vouch for clients. Needed but for request, under which"
                                    + " nothing is verified without it."),
                    spec.optional(
                            "crl",
                            TlsLanguage.path(),
                            "File with revocation lists, as PEM or DER. With it, every certificate needs a current list"
                                    + " of its issuer."));
        }

        ClientAuth make(Values<T> values) {
            return new ClientAuth(
                    values.get(mode), Optional.ofNullable(values.find(ca)), Optional.ofNullable(values.find(crl)));
        }

        void split(ClientAuth auth, Values<T> values) {
            values.put(mode, auth.mode());
            values.put(ca, auth.ca().orElse(null));
            values.put(crl, auth.crl().orElse(null));
        }
    }

    private static Map<String, Mode> modes() {
        Map<String, Mode> modes = new LinkedHashMap<>();
        modes.put("off", Mode.OFF);
        modes.put("request", Mode.REQUEST);
        modes.put("optional", Mode.OPTIONAL);
        modes.put("require", Mode.REQUIRE);
        return modes;
    }

    private static void check(ClientAuth auth, Place place) {
        boolean isVerified = auth.mode() == Mode.REQUIRE || auth.mode() == Mode.OPTIONAL;
        if (isVerified && auth.ca().isEmpty()) {
            place.report(place.problem(ProblemCode.INCONSISTENT_VALUES, "there is nobody to verify clients by")
                    .found("no ca")
                    .expected("ca: a PEM file with the authorities that vouch for clients")
                    .suggest("mode: request takes any certificate, verified or not"));
        } else if (auth.mode() == Mode.OFF
                && (auth.ca().isPresent() || auth.crl().isPresent())) {
            String key = auth.ca().isPresent() ? "ca" : "crl";
            Place at = place.at(key);
            at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, key + " verifies nothing while mode is off")
                    .found(key + " and mode: off")
                    .expected("mode: require, optional or request, or no " + key));
        } else if (auth.ca().isEmpty() && auth.crl().isPresent()) {
            Place at = place.at("crl");
            at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "crl is of no use without ca")
                    .found("crl alone")
                    .expected("ca and crl"));
        }
    }

    private static ObjectSpec<ClientAuth> nameAuth() {
        var spec = ObjectSpec.<ClientAuth>named("name.clientAuth", "Client certificates for one name.");
        var keys = AuthKeys.in(spec);
        return spec.build(new Shape<>() {
            @Override
            public ClientAuth make(Values<ClientAuth> values) {
                return keys.make(values);
            }

            @Override
            public void split(ClientAuth auth, Values<ClientAuth> values) {
                keys.split(auth, values);
            }

            @Override
            public void check(ClientAuth auth, Place place) {
                ClientAuthLanguage.check(auth, place);
            }
        });
    }

    private static ObjectSpec<ClientAuthRules.Named> name() {
        var spec = ObjectSpec.<ClientAuthRules.Named>named(
                "listener.name", "What differs for clients that ask for a name.");
        var name = spec.required(
                "name",
                namePattern(),
                "The server name that clients ask for, or *.example.com for every name below example.com.");
        var clientAuth = spec.required(
                "clientAuth", NAME_AUTH, "Client certificates for it, in place of what the listener says.");
        return spec.build(new Shape<>() {
            @Override
            public ClientAuthRules.Named make(Values<ClientAuthRules.Named> values) {
                return new ClientAuthRules.Named(values.get(name), values.get(clientAuth));
            }

            @Override
            public void split(ClientAuthRules.Named named, Values<ClientAuthRules.Named> values) {
                values.put(name, named.name());
                values.put(clientAuth, named.clientAuth());
            }
        });
    }

    private static ScalarSpec<HostPattern> namePattern() {
        return new ScalarSpec<>(
                "server name",
                "a name, exact or *.example.com",
                "",
                new ScalarSpec.Notation<>() {
                    @Override
                    public HostPattern parse(ScalarSpec.Value value) throws Refused {
                        HostPattern pattern = HostPattern.read(value.text());
                        if (Hosts.isAddress(pattern.name())) {
                            throw Refused.badValue("an address, which no client asks for by name (RFC 6066 §3)");
                        }
                        return pattern;
                    }

                    @Override
                    public Object write(HostPattern pattern) {
                        return pattern.text();
                    }
                },
                Map.of("type", "string"));
    }

    private static ObjectSpec<Usual> listenerAuth() {
        var spec = ObjectSpec.<Usual>named("listener.clientAuth", "Client certificates on a listener.");
        var keys = AuthKeys.in(spec);
        var forward = spec.withDefault(
                "forward",
                forwards(),
                List.of(),
                "What origins are told of a client's certificate, under every name of the listener. client-cert:"
                        + " Client-Cert (RFC 9440). client-cert-chain: Client-Cert-Chain too. xfcc:"
                        + " X-Forwarded-Client-Cert with hash, subject and names. xfcc-cert: the same with the"
                        + " certificate. verify: X-SSL-Client-Verify, which is SUCCESS, NONE or FAILED:reason; without"
                        + " it only verified certificates are forwarded.");
        return spec.build(new Shape<>() {
            @Override
            public Usual make(Values<Usual> values) {
                return new Usual(keys.make(values), values.get(forward));
            }

            @Override
            public void split(Usual usual, Values<Usual> values) {
                keys.split(usual.clientAuth(), values);
                values.put(forward, usual.forwards());
            }

            @Override
            public void check(Usual usual, Place place) {
                ClientAuthLanguage.check(usual.clientAuth(), place);
            }
        });
    }

    private static Spec<List<Forward>> forwards() {
        Map<String, Forward> words = new LinkedHashMap<>();
        words.put("client-cert", Forward.CLIENT_CERT);
        words.put("client-cert-chain", Forward.CLIENT_CERT_CHAIN);
        words.put("xfcc", Forward.XFCC);
        words.put("xfcc-cert", Forward.XFCC_CERT);
        words.put("verify", Forward.VERIFY);
        Map<String, List<Forward>> alone = new LinkedHashMap<>();
        alone.put("off", List.of());
        words.forEach((word, forward) -> alone.put(word, List.of(forward)));
        return new ShorthandSpec<>(
                Scalars.words(alone),
                new ListSpec<>(Scalars.words(words), 1, words.size()).distinctBy("field", ClientAuthLanguage::wordOf),
                forwards -> forwards.size() < 2);
    }

    private static String wordOf(Forward forward) {
        return forward.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
