package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.Optional;

/**
 * What is asked of clients by way of certificates.
 *
 * @param mode whether they show one; default {@link Mode#OFF}
 * @param ca PEM file with the authorities that vouch for them
 * @param crl file with revocation lists; empty: nothing is looked up
 */
@Immutable
public record ClientAuth(Mode mode, Optional<String> ca, Optional<String> crl) {
    /** Nothing is asked for. */
    public static final ClientAuth OFF = new ClientAuth(Mode.OFF, Optional.empty(), Optional.empty());

    /** Whether clients show a certificate. */
    public enum Mode {
        /** They are not asked. */
        OFF,
        /** They are asked, and let in whatever they show; routes and origins learn whether it is verified. */
        REQUEST,
        /** They are asked; none is let in, and one that is not verified is refused. */
        OPTIONAL,
        /** None is refused too. */
        REQUIRE
    }
}
