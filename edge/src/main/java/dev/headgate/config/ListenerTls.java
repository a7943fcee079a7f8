package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.List;
import java.util.Optional;

/**
 * TLS on a listener.
 *
 * @param certificates for each name and kind of key the first that covers it is shown; none: TLS never ends here
 * @param profile which versions and cipher suites are taken; default {@link Profile#INTERMEDIATE}
 * @param watchNs how often files are looked at for changes, in nanoseconds; default 1 s; 0: never
 * @param hsts what clients are told to remember; empty: nothing
 * @param sniHost whether server name and {@code Host} must agree; default {@link SniHost#STRICT}
 * @param passthrough whose TLS is not ended here; the first that takes a connection counts, and comes before all certificates
 * @param clientAuth what is asked of clients by way of certificates; default {@link ClientAuthRules#NONE}
 * @param provider who does TLS, by name; empty: the JDK
 */
@Immutable
public record ListenerTls(
        List<Certificate> certificates,
        Profile profile,
        SniHost sniHost,
        Optional<Hsts> hsts,
        long watchNs,
        List<PassThrough> passthrough,
        ClientAuthRules clientAuth,
        Optional<String> provider) {
    static final long DEFAULT_WATCH_NS = 1_000_000_000L;

    public ListenerTls {
        certificates = List.copyOf(certificates);
        passthrough = List.copyOf(passthrough);
    }

    /** Whether there are connections whose TLS ends here. */
    public boolean isTerminating() {
        return !certificates.isEmpty();
    }

    /** What {@code tls: internal} means: a certificate of the proxy's own for every name, and defaults for all the rest. */
    public static ListenerTls internal() {
        return new ListenerTls(
                List.of(new Certificate(new Source.Internal(List.of()), true)),
                Profile.INTERMEDIATE,
                SniHost.STRICT,
                Optional.empty(),
                DEFAULT_WATCH_NS,
                List.of(),
                ClientAuthRules.NONE,
                Optional.empty());
    }

    /** Versions and cipher suites. */
    public enum Profile {
        /** TLS 1.3 alone. */
        MODERN,
        /** TLS 1.3 and 1.2. */
        INTERMEDIATE
    }

    /** What becomes of a request whose {@code Host} is not the server name that its connection was made for. */
    public enum SniHost {
        /** 421, unless the certificate that was shown is what that host has as well. */
        STRICT,
        /** It is served. */
        ANY
    }

    /**
     * A certificate with its key.
     *
     * @param source the files
     * @param isDefault whether it is shown to clients that ask for an unknown name, or for none
     */
    public record Certificate(Source source, boolean isDefault) {}

    /** Where a certificate comes from. Paths are relative to the working directory unless absolute. */
    public sealed interface Source {
        /** What names it in messages: a file, most often. */
        String path();

        /**
         * A certificate that the proxy makes itself, signs itself, and keeps.
         *
         * @param names hosts and addresses that it is for beside this machine's own
         */
        record Internal(List<String> names) implements Source {
            public Internal {
                names = List.copyOf(names);
            }

            @Override
            public String path() {
                return "internal certificate";
            }
        }

        /**
         * Two files in PEM, which may be the same one.
         *
         * @param chain the certificate and those above it
         * @param key its private key: PKCS#8, PKCS#1 or SEC 1
         * @param passphrase of the key, when it is encrypted
         */
        record Pem(String chain, String key, Optional<Secret> passphrase) implements Source {
            @Override
            public String path() {
                return chain;
            }
        }

        /**
         * A PKCS#12 store.
         *
         * @param store the file
         * @param password of it
         * @param alias which key, when there are several
         */
        record Store(String store, Secret password, Optional<String> alias) implements Source {
            @Override
            public String path() {
                return store;
            }
        }
    }
}
