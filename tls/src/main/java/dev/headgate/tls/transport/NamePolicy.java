package dev.headgate.tls.transport;

import dev.headgate.engine.AnyThread;
import dev.headgate.tls.context.ContextChoice;
import dev.headgate.tls.context.ServerContext;
import dev.headgate.tls.context.TlsProfile;
import dev.headgate.tls.hello.ClientHello;
import org.jspecify.annotations.Nullable;

/** Lets a hello go on by the {@link ServerContext} for its name, or says why not: what is plain from the hello need not cost a handshake. */
@AnyThread
public final class NamePolicy implements HelloPolicy {
    private static final int HANDSHAKE_FAILURE = 40;
    private static final int PROTOCOL_VERSION = 70;
    private static final int INAPPROPRIATE_FALLBACK = 86;
    private static final int UNRECOGNIZED_NAME = 112;
    private static final int NO_APPLICATION_PROTOCOL = 120;

    private final ContextChoice contexts;

    /** With one context for all names. */
    public NamePolicy(ServerContext context) {
        this(name -> context);
    }

    public NamePolicy(ContextChoice contexts) {
        this.contexts = contexts;
    }

    @Override
    public HelloDecision decide(ClientHello hello, @Nullable String serverName) {
        ServerContext context = contexts.of(serverName);
        TlsProfile profile = context.settings().profile();
        int version = profile.versionWith(hello);
        if (version == 0) {
            return refuse(TlsFailure.VERSION_MISMATCH, PROTOCOL_VERSION, "no version in common");
        }
        if (version != ClientHello.TLS_1_3 && hello.isFallback()) {
            // We would have taken TLS 1.3, had somebody on the path not made the client try less (RFC 7507 §3).
            return refuse(TlsFailure.DOWNGRADE, INAPPROPRIATE_FALLBACK, "a fallback that is not needed");
        }
        if (!profile.sharesSuite(hello, version)) {
            return refuse(TlsFailure.CIPHER_MISMATCH, HANDSHAKE_FAILURE, "no cipher suite in common");
        }
        if (!context.identities().knows(serverName)) {
            return refuse(TlsFailure.NAME_UNKNOWN, UNRECOGNIZED_NAME, "no certificate for " + serverName);
        }
        if (!context.sharesProtocol(hello)) {
            return refuse(TlsFailure.PROTOCOL_MISMATCH, NO_APPLICATION_PROTOCOL, "no application protocol in common");
        }
        return new HelloDecision.Terminate(context);
    }

    private static HelloDecision refuse(TlsFailure failure, int alert, String detail) {
        return new HelloDecision.Refuse(failure, alert, detail);
    }
}
