package dev.headgate.secure;

import dev.headgate.config.ListenerConfig;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.HandlerFactory;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.TlsMetrics;
import dev.headgate.tls.transport.TlsRuntime;
import dev.headgate.tls.transport.TlsServer;
import java.time.Duration;

/** TLS of a listener that has no certificates, and only passes through. */
@AnyThread
public final class PassThroughOnly {
    private PassThroughOnly() {}

    /**
     * Reads hellos on accepted sockets.
     *
     * @param sessions asked at accept; what it makes hears of nothing but the end
     */
    public static HandlerFactory before(
            HandlerFactory sessions,
            ListenerConfig config,
            PassThroughTable passed,
            TlsRuntime runtime,
            TlsMetrics metrics,
            ErrorLog errors) {
        return new TlsServer(
                runtime,
                PassThroughPolicy.alone(passed),
                Duration.ofNanos(config.timeouts().handshakeNs()),
                sessions,
                new ListenerObserver(config.name(), metrics, errors));
    }
}
