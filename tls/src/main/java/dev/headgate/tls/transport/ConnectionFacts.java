package dev.headgate.tls.transport;

import dev.headgate.engine.LoopConfined;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a TLS connection: what its handshake has agreed on, who the peer is, why it has failed. It is the lower part of a {@link TlsConnection}
 * and not an object beside it, for there may be ten thousand idle ones.
 */
@LoopConfined
abstract class ConnectionFacts implements SecureConnection {
    private @Nullable SSLEngine engine; // from when it is known which
    private @Nullable String serverName;
    private @Nullable PeerFault peerFault; // of certificates that were taken nevertheless
    private @Nullable TlsFailure failure;
    private String failureDetail = "";
    private boolean isTls13;
    private boolean isResumed;

    final SSLEngine engine() {
        SSLEngine known = engine;
        assert known != null;
        return known;
    }

    final boolean hasEngine() {
        return engine != null;
    }

    final void engine(SSLEngine chosen) {
        engine = chosen;
    }

    final void serverName(@Nullable String name) {
        serverName = name;
    }

    final void peerFault(PeerFault known) {
        peerFault = known;
    }

    /** The handshake is done. */
    final void onAgreed(boolean resumed) {
        isTls13 = version().equals("TLSv1.3");
        isResumed = resumed;
    }

    final void onFailed(TlsFailure kind, String detail) {
        failure = kind;
        failureDetail = detail;
    }

    final boolean isTls13() {
        return isTls13;
    }

    @Override
    public final String version() {
        return engine().getSession().getProtocol();
    }

    @Override
    public final String cipherSuite() {
        return engine().getSession().getCipherSuite();
    }

    @Override
    public final @Nullable String applicationProtocol() {
        String protocol = engine().getApplicationProtocol();
        return protocol == null || protocol.isEmpty() ? null : protocol;
    }

    @Override
    public final @Nullable String serverName() {
        return serverName;
    }

    @Override
    public final boolean isResumed() {
        return isResumed;
    }

    @Override
    public final List<X509Certificate> peerCertificates() {
        return List.of(PeerChain.of(engine().getSession()));
    }

    @Override
    public final @Nullable PeerFault peerFault() {
        return peerFault;
    }

    @Override
    public final @Nullable TlsFailure failure() {
        return failure;
    }

    @Override
    public final String failureDetail() {
        return failureDetail;
    }
}
