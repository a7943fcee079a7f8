package dev.headgate.tls.transport;

import dev.headgate.engine.Immutable;
import dev.headgate.tls.hello.HelloLimits;

/**
 * What all TLS of one engine shares.
 *
 * @param handshakeThreads threads that compute handshakes; the available processors
 * @param handshakesWaitingMax handshakes that may wait for such a thread, of clients, and as many that we begin; 256 per processor.
 *     Those beyond are refused, so that a flood of them does not grow without bound (the client sees the connection close)
 * @param controlRecordsMax records without data that a connection may send in ten seconds; 1,000. Its handshake may take
 *     as many, and those of its hello
 * @param helloLimits for the first message of clients
 */
@Immutable
public record TlsOptions(
        int handshakeThreads, int handshakesWaitingMax, int controlRecordsMax, HelloLimits helloLimits) {
    private static final int WAITING_PER_PROCESSOR = 256;
    private static final int CONTROL_RECORDS_MAX = 1000;

    public TlsOptions {
        if (handshakeThreads < 1 || handshakesWaitingMax < 1 || controlRecordsMax < 1) {
            throw new IllegalArgumentException("must be positive: handshakeThreads=" + handshakeThreads
                    + ", handshakesWaitingMax=" + handshakesWaitingMax + ", controlRecordsMax=" + controlRecordsMax);
        }
    }

    /** The defaults on this machine. */
    public static TlsOptions defaults() {
        int processors = Runtime.getRuntime().availableProcessors();
        return new TlsOptions(
                processors, WAITING_PER_PROCESSOR * processors, CONTROL_RECORDS_MAX, HelloLimits.DEFAULTS);
    }

    public TlsOptions withHandshakes(int threads, int waitingMax) {
        return new TlsOptions(threads, waitingMax, controlRecordsMax, helloLimits);
    }

    public TlsOptions withHandshakesWaitingMax(int handshakes) {
        return withHandshakes(handshakeThreads, handshakes);
    }

    public TlsOptions withControlRecordsMax(int records) {
        return new TlsOptions(handshakeThreads, handshakesWaitingMax, records, helloLimits);
    }

    public TlsOptions withHelloLimits(HelloLimits limits) {
        return new TlsOptions(handshakeThreads, handshakesWaitingMax, controlRecordsMax, limits);
    }
}
