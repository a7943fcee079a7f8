package dev.headgate.secure;

import dev.headgate.engine.AnyThread;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;
import dev.headgate.observe.TlsMetrics;
import dev.headgate.tls.transport.SecureConnection;
import dev.headgate.tls.transport.TlsFailure;
import dev.headgate.tls.transport.TlsObserver;
import java.net.SocketAddress;

/**
 * Counts what TLS does on the connections of a listener, and tells the error log.
 *
 * @param listener its name
 */
@AnyThread
record ListenerObserver(String listener, TlsMetrics metrics, ErrorLog errors) implements TlsObserver {
    @Override
    public void onHandshake(SecureConnection connection, long durationNs) {
        metrics.onHandshake(
                connection.loop().index(), connection.version(), connection.cipherSuite(), connection.isResumed());
    }

    @Override
    public void onFailure(SecureConnection connection, TlsFailure failure, String detail) {
        metrics.onFailure(connection.loop().index(), failure);
        switch (failure) {
            case TRUNCATED -> {} // Browsers do it with every connection.
            case OVERLOADED -> errors.report(LogEvent.OVERLOADED, "listener", listener, "what", failure.token());
            case INTERNAL ->
                errors.report(
                        LogEvent.INTERNAL_FAILURE,
                        "where",
                        "listener " + listener,
                        "failure",
                        failure.token() + ": " + detail);
            default ->
                errors.report(
                        LogEvent.TLS_FAILED,
                        "listener",
                        listener,
                        "client",
                        addressOf(connection),
                        "failure",
                        failure.token() + ": " + detail);
        }
    }

    private static String addressOf(SecureConnection connection) {
        SocketAddress address = connection.remoteAddress();
        return address == null ? "" : address.toString();
    }
}
