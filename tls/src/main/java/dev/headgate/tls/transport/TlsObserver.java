package dev.headgate.tls.transport;

import dev.headgate.engine.LoopConfined;

/** What happens to TLS on connections; for counters and logs. Called on the connection's loop, so it must not block. */
@LoopConfined
public interface TlsObserver {
    /** Hears of nothing. */
    TlsObserver NONE = new TlsObserver() {
        @Override
        public void onHandshake(SecureConnection connection, long durationNs) {}

        @Override
        public void onFailure(SecureConnection connection, TlsFailure failure, String detail) {}
    };

    /** A handshake is complete; {@code onOpen} of the handler follows. */
    void onHandshake(SecureConnection connection, long durationNs);

    /**
     * TLS on this connection has failed, in the handshake or later; {@code onClosed} of the handler follows. Told once.
     *
     * @param detail for people: from the peer's bytes only what is safe to log, at most 200 characters
     */
    void onFailure(SecureConnection connection, TlsFailure failure, String detail);
}
