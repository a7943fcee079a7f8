package dev.headgate.exchange;

import dev.headgate.engine.Connection;
import dev.headgate.engine.LoopConfined;
import dev.headgate.forward.CertificateFields;
import dev.headgate.forward.PeerAddress;
import dev.headgate.http.RequestHead;
import dev.headgate.listener.ListenerNode;
import dev.headgate.observe.LogLabel;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a downstream connection, as far as all of its exchanges share it. */
@LoopConfined
public interface Client {
    /** Where it connected. */
    ListenerNode listener();

    /** Its connection. */
    Connection connection();

    /** The address at the other end of its connection. */
    PeerAddress peer();

    /** TLS version and cipher suite of its connection, for the log; null when that is plain. */
    @Nullable
    LogLabel tls();

    /** Who it is by its certificate; null when it has shown none. */
    @Nullable
    ClientIdentity identity();

    /** What origins are told of its certificate, or of there being none. */
    CertificateFields certificateFields();

    /** Whether {@code head} is for a host that its TLS connection was not made for. */
    boolean isMisdirected(RequestHead head);
}
