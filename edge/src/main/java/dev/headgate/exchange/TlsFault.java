package dev.headgate.exchange;

import dev.headgate.engine.Immutable;
import dev.headgate.tls.transport.TlsFailure;

/**
 * What was wrong with TLS to an origin, for the log.
 *
 * @param detail for people, and safe to show
 */
@Immutable
public record TlsFault(TlsFailure failure, String detail) {
    @Override
    public String toString() {
        return failure.token() + ": " + detail;
    }
}
