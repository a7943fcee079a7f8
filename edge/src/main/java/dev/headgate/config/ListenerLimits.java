package dev.headgate.config;

import dev.headgate.engine.Immutable;

/**
 * Sizes and counts that a client cannot exceed. Each has a hard maximum, which the reference of the language lists.
 *
 * @param requestLineBytes request line without its CRLF; default 8 KiB; a longer one gets 414
 * @param headerLineBytes one field line; default 16 KiB; a longer one gets 431
 * @param headerBytes the header section as a whole; default 32 KiB; a longer one gets 431
 * @param headerCount field lines of a header section; default 100; more get 431
 * @param headerNameBytes one field name; default 256; a longer one gets 431
 * @param bodyBytes content of a request; default 10 MiB; {@link #UNLIMITED} for no bound; a longer one gets 413
 * @param trailerBytes the trailer section; default 16 KiB; a longer one gets 431 and the connection is closed
 * @param chunkExtensionBytes chunk extensions of one message together; default 16 KiB; more get 400
 * @param requestsPerConnection requests on one connection; default 10,000; the last response says
 *     {@code Connection: close}
 * @param connectionAgeNs age past which the next response says {@code Connection: close}, in nanoseconds; default 1 h
 * @param connections open connections of this listener; default 10,000; a further one is closed at once
 * @param drainBytes unread body that is read and dropped so that a connection can be used again; default 64 KiB; a
 *     longer rest closes the connection
 * @param bufferBytes bytes held per connection and direction while the other side cannot take them; default 32 KiB; past
 *     it reading pauses
 */
@Immutable
public record ListenerLimits(
        int requestLineBytes,
        int headerLineBytes,
        int headerBytes,
        int headerCount,
        int headerNameBytes,
        long bodyBytes,
        int trailerBytes,
        int chunkExtensionBytes,
        int requestsPerConnection,
        long connectionAgeNs,
        int connections,
        int drainBytes,
        int bufferBytes) {
    /** A body limit that no body reaches. */
    public static final long UNLIMITED = Long.MAX_VALUE;
}
