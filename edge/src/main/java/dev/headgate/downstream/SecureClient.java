package dev.headgate.downstream;

import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.ClientIdentity;
import dev.headgate.forward.CertificateForwarding;
import dev.headgate.http.RequestHead;
import dev.headgate.observe.LogLabel;
import dev.headgate.secure.ClientCertificate;
import dev.headgate.secure.FineHost;
import dev.headgate.secure.ListenerSecurity;
import dev.headgate.tls.transport.SecureConnection;
import org.jspecify.annotations.Nullable;

/** What a session knows of its client's TLS connection, from the end of the handshake on. Plain sessions have none. */
@LoopConfined
final class SecureClient {
    private final ListenerSecurity security;
    private final LogLabel label;
    private final @Nullable ClientIdentity identity; // of one that has shown a certificate
    private @Nullable FineHost fineHost; // other than the name that was asked for

    SecureClient(ListenerSecurity security, SecureConnection connection, CertificateForwarding forwarding) {
        this.security = security;
        this.label = security.labelOf(connection);
        ClientCertificate shown = security.asksAnybody() ? ClientCertificate.of(connection) : null;
        this.identity = shown == null ? null : new ClientIdentity(shown.withoutChain(), forwarding.of(shown.facts()));
    }

    LogLabel label() {
        return label;
    }

    @Nullable
    ClientIdentity identity() {
        return identity;
    }

    /** Whether a request is for a host that the connection was not made for. Of the host before it knows without looking. */
    boolean isMisdirected(SecureConnection connection, RequestHead head) {
        FineHost known = fineHost;
        if (security.isForAnyHost()
                || ListenerSecurity.isAskedFor(connection, head)
                || known != null && known.isOf(head)) {
            return false;
        }
        if (security.isMisdirected(connection, head)) {
            return true;
        }
        fineHost = FineHost.of(head);
        return false;
    }
}
