package dev.headgate.config;

import dev.headgate.config.ListenerTls.Certificate;
import dev.headgate.config.ListenerTls.Profile;
import dev.headgate.config.ListenerTls.SniHost;
import dev.headgate.config.ListenerTls.Source;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.Key;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Spec;
import dev.headgate.config.spec.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys of TLS. */
final class TlsLanguage {
    private static final int CERTIFICATES_MAX = 1000;
    private static final int PASS_THROUGHS_MAX = 1000;
    private static final int PATH_LENGTH_MAX = 4096;

    static final Spec<Draft> CERTIFICATE = InternalLanguage.orInternal(certificate());
    static final ObjectSpec<Draft> CLIENT_CERTIFICATE = clientCertificate();
    static final Spec<ListenerTls> LISTENER_TLS = InternalLanguage.orAllInternal(listenerTls());

    private TlsLanguage() {}

    /** A certificate as it is written, before it is known which of its two forms it has. */
    record Draft(
            @Nullable String chain,
            @Nullable String key,
            @Nullable Secret passphrase,
            @Nullable String store,
            @Nullable Secret password,
            @Nullable String alias,
            @Nullable List<String> internal,
            boolean isDefault) {
        static Draft of(Certificate certificate) {
            return of(certificate.source(), certificate.isDefault());
        }

        static Draft of(Source source) {
            return of(source, false);
        }

        private static Draft of(Source source, boolean isDefault) {
            return switch (source) {
                case Source.Pem(String chain, String key, Optional<Secret> passphrase) ->
                    new Draft(chain, key, passphrase.orElse(null), null, null, null, null, isDefault);
                case Source.Store(String store, Secret password, Optional<String> alias) ->
                    new Draft(null, null, null, store, password, alias.orElse(null), null, isDefault);
                case Source.Internal(List<String> names) ->
                    new Draft(null, null, null, null, null, null, names, isDefault);
            };
        }

        /** Of one that has passed the checks. */
        Certificate certificate() {
            return new Certificate(source(), isDefault);
        }

        /** Of one that has passed the checks. */
        Source source() {
            if (internal != null) return new Source.Internal(internal);
            return store == null
                    ? new Source.Pem(text(chain), text(key), Optional.ofNullable(passphrase))
                    : new Source.Store(store, password == null ? new Secret("") : password, Optional.ofNullable(alias));
        }

        private static String text(@Nullable String value) {
            return value == null ? "" : value;
        }
    }

    private static ObjectSpec<ListenerTls> listenerTls() {
        var spec = ObjectSpec.<ListenerTls>named("listener.tls", "TLS on a listener.");
        for (String name : List.of("ocsp", "stapling", "ocspStapling")) {
            spec.absent(
                    name,
                    "there is no OCSP stapling: the JDK asks responders in the middle of a handshake, and for all"
                            + " listeners of a process or for none",
                    "leave it out, and take certificates without must-staple, short-lived ones best");
        }
        var certificates = spec.optional(
                "certificates",
                new ListSpec<>(CERTIFICATE, 1, CERTIFICATES_MAX),
                "What the listener shows, by the name that a client asks for: the exact name counts before a wildcard. For"
                        + " one name there may be several, with keys of different kinds. Only with passthrough can they be"
                        + " left out: then names that nothing takes are refused.");
        var profile = spec.withDefault(
                "profile",
                profile(),
                Profile.INTERMEDIATE,
                "Versions and cipher suites: modern is TLS 1.3 alone, intermediate takes TLS 1.2 as well.");
        var sniHost = spec.withDefault(
                        "sniHost",
                        Scalars.words(Words.of("strict", SniHost.STRICT, "any", SniHost.ANY)),
                        SniHost.STRICT,
                        "A Host that is not the name which the connection was made for: strict answers 421 unless the same"
                                + " certificate is for both, any serves it.")
                .edgeLimit();
        var hsts = spec.optional(
                "hsts",
                HstsLanguage.HSTS,
                "Strict-Transport-Security in every response, in place of what origins say; {} takes all defaults. Without it"
                        + " what origins say passes.");
        var watch = spec.withDefault(
                "watch",
                Durations.between(0, Durations.HOUR),
                ListenerTls.DEFAULT_WATCH_NS,
                "How often the files are looked at. Changed ones are used for new handshakes once two looks have seen the"
                        + " same; those that are of no use change nothing. 0s: never.");
        var passthrough = spec.withDefault(
                "passthrough",
                new ListSpec<>(PassThroughLanguage.PASS_THROUGH, 0, PASS_THROUGHS_MAX),
                List.of(),
                "Connections whose TLS does not end here, by what their clients say first. The first that matches wins, before"
                        + " all certificates.");
        var clientAuth = ClientAuthLanguage.Keys.in(spec);
        var provider = spec.optional("provider", ProviderLanguage.NAME, ProviderLanguage.DESCRIPTION);
        return spec.build(new Shape<>() {
            @Override
            public ListenerTls make(Values<ListenerTls> values) {
                List<Draft> drafts = values.find(certificates);
                List<Certificate> made = drafts == null
                        ? List.of()
                        : drafts.stream().map(Draft::certificate).toList();
                return new ListenerTls(
                        made,
                        values.get(profile),
                        values.get(sniHost),
                        Optional.ofNullable(values.find(hsts)),
                        values.get(watch),
                        values.get(passthrough),
                        clientAuth.make(values),
                        Optional.ofNullable(values.find(provider)));
            }

            @Override
            public void split(ListenerTls tls, Values<ListenerTls> values) {
                values.put(
                        certificates,
                        tls.isTerminating()
                                ? tls.certificates().stream().map(Draft::of).toList()
                                : null);
                values.put(profile, tls.profile());
                values.put(sniHost, tls.sniHost());
                values.put(hsts, tls.hsts().orElse(null));
                values.put(watch, tls.watchNs());
                values.put(passthrough, tls.passthrough());
                clientAuth.split(tls.clientAuth(), values);
                values.put(provider, tls.provider().orElse(null));
            }

            @Override
            public void check(ListenerTls tls, Place place) {
                ClientAuthLanguage.check(tls.clientAuth(), place);
                if (tls.isTerminating() || !tls.passthrough().isEmpty()) return;
                place.report(place.problem(ProblemCode.MISSING_KEY, "the key certificates is missing")
                        .expected("certificates: list of certificate or internal; or passthrough"));
            }
        });
    }

    private static ObjectSpec<Draft> certificate() {
        var spec = ObjectSpec.<Draft>named(
                "certificate",
                "A certificate with its key: chain and key in PEM, a PKCS#12 store, or internal for one that the proxy makes"
                        + " itself.");
        var source = SourceKeys.in(spec);
        var internal = spec.optional(
                "internal",
                InternalLanguage.NAMES,
                "Makes a certificate and keeps it: hosts and addresses that it is for, beside localhost and the machine's"
                        + " name. The word internal in place of the mapping stands for one without more names, as default.");
        var isDefault = spec.withDefault(
                "default",
                Scalars.bool(),
                false,
                "Whether it is for clients that ask for an unknown name or for none. Without one, unknown names are"
                        + " refused, and the first certificate is for clients that ask for none.");
        return spec.build(new Shape<>() {
            @Override
            public Draft make(Values<Draft> values) {
                return source.make(values, values.find(internal), values.get(isDefault));
            }

            @Override
            public void split(Draft draft, Values<Draft> values) {
                source.split(draft, values);
                values.put(internal, draft.internal());
                values.put(isDefault, draft.isDefault());
            }

            @Override
            public void check(Draft draft, Place place) {
                checkForm(draft, place);
            }
        });
    }

    private static ObjectSpec<Draft> clientCertificate() {
        var spec = ObjectSpec.<Draft>named(
                "clientCertificate",
                "A certificate with its key, to be shown to origins: chain and key in PEM, or a PKCS#12 store.");
        var source = SourceKeys.in(spec);
        return spec.build(new Shape<>() {
            @Override
            public Draft make(Values<Draft> values) {
                return source.make(values, null, false);
            }

            @Override
            public void split(Draft draft, Values<Draft> values) {
                source.split(draft, values);
            }

            @Override
            public void check(Draft draft, Place place) {
                checkForm(draft, place);
            }
        });
    }

    /** The keys that say where a certificate comes from. */
    private record SourceKeys(
            Key<Draft, String> chain,
            Key<Draft, String> key,
            Key<Draft, Secret> passphrase,
            Key<Draft, String> store,
            Key<Draft, Secret> password,
            Key<Draft, String> alias) {
        static SourceKeys in(ObjectSpec.Builder<Draft> spec) {
            return new SourceKeys(
                    spec.optional("chain", path(), "PEM file with the certificate and those above it, in any order."),
                    spec.optional(
                            "key",
                            path(),
                            "PEM file with the private key: PKCS#8, PKCS#1 or SEC 1. It may be the same file."),
                    spec.optional("passphrase", secret(), "Of an encrypted key; best written ${file:/path}."),
                    spec.optional("store", path(), "PKCS#12 file with certificate and key."),
                    spec.optional("password", secret(), "Of the store; best written ${file:/path}."),
                    spec.optional("alias", TlsLanguage.alias(), "Which key of the store, when it has several."));
        }

        Draft make(Values<Draft> values, @Nullable List<String> internal, boolean isDefault) {
            return new Draft(
                    values.find(chain),
                    values.find(key),
                    values.find(passphrase),
                    values.find(store),
                    values.find(password),
                    values.find(alias),
                    internal,
                    isDefault);
        }

        void split(Draft draft, Values<Draft> values) {
            values.put(chain, draft.chain());
            values.put(key, draft.key());
            values.put(passphrase, draft.passphrase());
            values.put(store, draft.store());
            values.put(password, draft.password());
            values.put(alias, draft.alias());
        }
    }

    private static void checkForm(Draft draft, Place place) {
        if (draft.internal() != null) {
            InternalLanguage.check(draft, place);
            return;
        }
        boolean isPem = draft.chain() != null || draft.key() != null;
        boolean isStore = draft.store() != null;
        if (isPem == isStore) {
            place.report(place.problem(
                            ProblemCode.INCONSISTENT_VALUES,
                            isPem ? "a certificate comes from one place" : "the certificate comes from nowhere")
                    .found(isPem ? "chain or key, and store" : "neither chain and key nor store")
                    .expected("chain and key, or store and password"));
        } else if (isPem && (draft.chain() == null || draft.key() == null)) {
            String missing = draft.chain() == null ? "chain" : "key";
            place.report(place.problem(ProblemCode.INCONSISTENT_VALUES, "the " + missing + " is missing")
                    .found(draft.chain() == null ? "key alone" : "chain alone")
                    .expected("chain and key")
                    .suggest("both may name the same file"));
        } else if (isStore && draft.password() == null) {
            place.report(place.problem(ProblemCode.INCONSISTENT_VALUES, "the store has no password")
                    .found("store alone")
                    .expected("store and password"));
        } else {
            checkStrayKeys(draft, place);
        }
    }

    private static void checkStrayKeys(Draft draft, Place place) {
        String stray = draft.store() == null
                ? draft.password() != null ? "password" : draft.alias() != null ? "alias" : null
                : draft.passphrase() != null ? "passphrase" : null;
        if (stray == null) return;
        Place at = place.at(stray);
        at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, stray + " has nothing to open here")
                .found(draft.store() == null ? "chain and key" : "store and password")
                .expected(draft.store() == null ? "passphrase, if the key is encrypted" : "password alone"));
    }

    static ScalarSpec<Profile> profile() {
        return Scalars.words(Words.of("intermediate", Profile.INTERMEDIATE, "modern", Profile.MODERN));
    }

    static ScalarSpec<String> path() {
        return Scalars.text("path", "a path", value -> {
            if (value.text().isEmpty()
                    || value.text().length() > PATH_LENGTH_MAX
                    || value.text().indexOf('\0') >= 0) {
                throw Refused.badValue("not a path");
            }
            return value.text();
        });
    }

    private static ScalarSpec<String> alias() {
        return Scalars.text("alias", "a name in the store", value -> {
            if (value.text().isEmpty()) throw Refused.badValue("no name");
            return value.text();
        });
    }

    private static ScalarSpec<Secret> secret() {
        return new ScalarSpec<>(
                "secret",
                "a word, shown nowhere",
                "",
                new ScalarSpec.Notation<>() {
                    @Override
                    public Secret parse(ScalarSpec.Value value) {
                        return new Secret(value.text());
                    }

                    @Override
                    public Object write(Secret value) {
                        return Secret.MASK;
                    }
                },
                Map.of("type", "string"));
    }
}
