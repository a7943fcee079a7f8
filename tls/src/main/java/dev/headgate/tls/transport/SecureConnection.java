package dev.headgate.tls.transport;

import dev.headgate.engine.Connection;
import dev.headgate.engine.LoopConfined;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose bytes are protected by TLS; the handler sees them plain. {@code onOpen} comes when the handshake is done, and a
 * handshake that fails shows as {@code onClosed} alone. The end of stream that {@code onEnd} tells of is the peer's close_notify
 * (RFC 8446 §6.1); one without it is {@link dev.headgate.engine.CloseCause#TRUNCATED}.
 *
 * <p>The facts below are there from {@code onOpen} on, unless they say otherwise; asking for them may allocate.
 */
@LoopConfined
public interface SecureConnection extends Connection {
    /** The version that was agreed on, as the JDK writes it: {@code TLSv1.3}. */
    String version();

    /** The cipher suite, by its registered name. */
    String cipherSuite();

    /** The application protocol (RFC 7301), or null when none was negotiated. */
    @Nullable
    String applicationProtocol();

    /** The server name that the client sent (RFC 6066 §3), in lower case and without a last dot; null when it sent none. */
    @Nullable
    String serverName();

    /**
     * Whether bytes have arrived that the handler has not been shown, such as part of a record. A peer that sends them unasked is not heard of
     * by {@code onBytes} until the record is whole.
     */
    boolean isInputLeft();

    /** Whether the handshake resumed an earlier session. */
    boolean isResumed();

    /** Whether the transport is connected and the handshake not done. */
    boolean isHandshaking();

    /** Why TLS has failed, or null; known when the handler learns of its {@code onClosed}. */
    @Nullable
    TlsFailure failure();

    /** What people may be told of {@link #failure}, see {@link TlsObserver#onFailure}; empty when there was none. */
    String failureDetail();

    /** The peer's certificates, its own first; empty when it has shown none. They are verified unless there is a {@link #peerFault}. */
    List<X509Certificate> peerCertificates();

    /** What is wrong with them, where any certificate is taken; otherwise null. */
    @Nullable
    PeerFault peerFault();
}
