package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.List;
import java.util.Optional;

/**
 * TLS on a listener.
 *
 * @param certificates at least one; for each name and kind of key the first that covers it is shown
 * @param profile which versions and cipher suites are taken; default {@link Profile#INTERMEDIATE}
 * @param watchNs how often files are looked at for changes, in nanoseconds; default 1 s; 0: never
 * @param sniHost whether server name and {@code Host} must agree; default {@link SniHost#STRICT}
 * @param provider who does TLS, by name; empty: the JDK
 */
@Immutable
public record ListenerTls(
        List<Certificate> certificates, Profile profile, SniHost sniHost, long watchNs, Optional<String> provider) {
    public ListenerTls {
        certificates = List.copyOf(certificates);
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
        /** The file that names it in messages. */
        String path();

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
