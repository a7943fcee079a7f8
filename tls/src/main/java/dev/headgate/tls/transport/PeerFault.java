package dev.headgate.tls.transport;

import dev.headgate.engine.Immutable;

/**
 * What is wrong with the certificates of a peer that was let in nevertheless.
 *
 * @param kind one of {@code CERTIFICATE_…}
 * @param detail for people; one line of bounded length
 */
@Immutable
public record PeerFault(TlsFailure kind, String detail) {}
