package dev.headgate.config;

import dev.headgate.engine.Immutable;

/**
 * What messages tell about the software that made them.
 *
 * @param server the {@code Server} field of responses; default {@link Server#STRIP}
 * @param poweredBy fields that name an origin's software ({@code X-Powered-By}, {@code X-AspNet-Version},
 *     {@code X-AspNetMvc-Version}, {@code X-Generator}, {@code X-Runtime}); default {@link PoweredBy#STRIP}
 * @param via our name in {@code Via} (RFC 9110 §7.6.3), a token; default {@code headgate}
 */
@Immutable
public record IdentityConfig(Server server, PoweredBy poweredBy, String via) {
    /** What becomes of the {@code Server} field. */
    public enum Server {
        /** No response has one. */
        STRIP,
        /** Every response says {@code headgate}. */
        HEADGATE,
        /** The origin's stays; our own responses have none. */
        PASS
    }

    /** What becomes of fields that name an origin's software. */
    public enum PoweredBy {
        /** They are left out. */
        STRIP,
        /** They stay. */
        PASS
    }
}
