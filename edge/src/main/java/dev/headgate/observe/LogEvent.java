package dev.headgate.observe;

import dev.headgate.engine.Immutable;
import java.lang.System.Logger.Level;
import java.util.Locale;

/** What the error log tells about. The name in lower case is the event's stable token. */
@Immutable
public enum LogEvent {
    /** Keys: upstream, endpoint, failure, and tls where TLS is what failed. */
    UPSTREAM_CONNECT_FAILED(Level.WARNING),
    /** An attempt failed after the connection was made. Keys: upstream, endpoint, failure, tls likewise, and over HTTP/2 the violation. */
    UPSTREAM_FAILED(Level.WARNING),
    /** A name has not been resolved; what was last known stays in use. Keys: upstream, endpoint, failure. */
    UPSTREAM_RESOLVE_FAILED(Level.WARNING),
    /** No endpoint is left to try. Keys: upstream. */
    UPSTREAM_NO_ENDPOINT(Level.WARNING),
    /** An endpoint has come into the list, or back into it. Keys: upstream, endpoint. */
    ENDPOINT_ADDED(Level.INFO),
    /** An endpoint has left the list; what is under way there ends in its own time. Keys: upstream, endpoint. */
    ENDPOINT_REMOVED(Level.INFO),
    /** The list has more endpoints than there may be. Keys: upstream, endpoints, the number of those left out, and limit. */
    ENDPOINTS_LEFT_OUT(Level.ERROR),
    /** A changed file with endpoints is in use. Keys: upstream, file, endpoints, their number. */
    ENDPOINT_LIST_CHANGED(Level.INFO),
    /** A changed file with endpoints is of no use: what was listed before stays. Keys: upstream, file, failure. */
    ENDPOINT_LIST_UNUSABLE(Level.ERROR),
    /** A command has given an endpoint another weight. Keys: upstream, endpoint, weight, a number or {@code configured}. */
    ENDPOINT_WEIGHT_SET(Level.INFO),
    /** A command has an endpoint get no new clients, or get them again. Keys: upstream, endpoint, drains. */
    ENDPOINT_DRAIN_SET(Level.INFO),
    /** A request or tunnel is refused, for no endpoint has room within the limits. Keys: upstream, cause. */
    UPSTREAM_FULL(Level.WARNING),
    /** The circuit breaker of an upstream takes a step. Keys: upstream, state, from, because. */
    UPSTREAM_BREAKER(Level.WARNING),
    /** Checks have taken an endpoint down. Keys: upstream, endpoint, reason. */
    ENDPOINT_DOWN(Level.WARNING),
    /** Checks have brought an endpoint up that was down. Keys: upstream, endpoint, reason. */
    ENDPOINT_UP(Level.INFO),
    /** An endpoint is taken out for a while. Keys: upstream, endpoint, reason. */
    ENDPOINT_EJECTED(Level.WARNING),
    /** An endpoint should have been taken out, and was not. Keys: upstream, endpoint, reason, because. */
    ENDPOINT_NOT_EJECTED(Level.WARNING),
    /** An endpoint that was taken out is back. Keys: upstream, endpoint, reason, after_ms. */
    ENDPOINT_RETURNED(Level.INFO),
    /** An upstream fares otherwise than before. Keys: upstream, state, available, because. */
    UPSTREAM_STATE(Level.WARNING),
    /** A retry was refused by the budget. Keys: upstream. */
    RETRY_BUDGET_EXHAUSTED(Level.WARNING),
    /** A temporary file for a request that may have to be sent again cannot be used: the request streams on. Keys: upstream, failure. */
    REPLAY_FILE_FAILED(Level.WARNING),
    /** A peer broke the protocol. Keys: listener, client, violation. */
    REQUEST_REFUSED(Level.DEBUG),
    /** A TLS handshake or connection failed. Keys: listener, client, failure. */
    TLS_FAILED(Level.DEBUG),
    /** A certificate in use wants a look: it expires, or its chain is not as it should be. Keys: listener or upstream, finding. */
    CERTIFICATE_QUESTIONABLE(Level.WARNING),
    /** Changed certificate files are in use. Keys: listener or upstream. */
    CERTIFICATES_CHANGED(Level.INFO),
    /** Changed certificate files are of no use: those before stay in use. Keys: listener or upstream, failure. */
    CERTIFICATES_UNUSABLE(Level.ERROR),
    /** Changed authorities or revocation lists for client certificates are in use. Keys: listener. */
    CLIENT_AUTHORITIES_CHANGED(Level.INFO),
    /** Changed authorities or revocation lists are of no use: those before stay in use. Keys: listener, failure. */
    CLIENT_AUTHORITIES_UNUSABLE(Level.ERROR),
    /** Keys: listener, failure. */
    ACCEPT_FAILED(Level.ERROR),
    /** A limit on connections is reached. Keys: listener, limit. */
    CONNECTION_REFUSED(Level.WARNING),
    /** A budget of memory is used up. Keys: listener, limit. */
    OVERLOADED(Level.WARNING),
    /** A fault of our own, caught at a boundary. Keys: where it was caught, failure. */
    INTERNAL_FAILURE(Level.ERROR),
    /** Records are dropped from here on. Keys: failure. */
    ACCESS_LOG_FAILED(Level.ERROR),
    /** Keys: dropped. */
    ACCESS_LOG_RECOVERED(Level.INFO),
    /** The old file stays in use. Keys: failure. */
    ACCESS_LOG_REOPEN_FAILED(Level.ERROR),
    /** Events were lost because the queue was full. Keys: dropped. */
    ERROR_LOG_DROPPED(Level.WARNING),
    /** Keys: listeners. */
    STARTED(Level.INFO),
    /** Keys: signal, timeout. */
    DRAINING(Level.INFO),
    /** Keys: exchanges, the number of those that were cut off. */
    STOPPED(Level.INFO);

    private final Level level;
    private final String token;

    LogEvent(Level level) {
        this.level = level;
        this.token = name().toLowerCase(Locale.ROOT);
    }

    public Level level() {
        return level;
    }

    /** The value of the key {@code event}. */
    public String token() {
        return token;
    }
}
