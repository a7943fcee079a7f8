package dev.headgate.config;

import dev.headgate.engine.Immutable;

/**
 * Bounds of the process as a whole.
 *
 * @param connections open downstream connections of all listeners; default 50,000; a further one is closed at once
 * @param connectionsPerPrefix open connections of one client prefix; default 256; a further one is closed at once
 * @param ipv4PrefixBits leading bits that make IPv4 clients one; default 32
 * @param ipv6PrefixBits leading bits that make IPv6 clients one; default 64
 * @param handshakesWaiting TLS handshakes that may wait to be computed, of clients, and as many with origins; 0 stands for 256 per available
 *     processor; default 0; a further one of a client is closed at once, one with an origin fails
 * @param replayFilesBytes room that temporary files of requests may take together; default 1 GiB; past it a request is not kept
 * @param memoryBytes direct memory for buffers of all loops; default 256 MiB; past it new work is refused with 503
 */
@Immutable
public record LimitsConfig(
        int connections,
        int connectionsPerPrefix,
        int ipv4PrefixBits,
        int ipv6PrefixBits,
        int handshakesWaiting,
        long replayFilesBytes,
        long memoryBytes) {
    /** Direct memory for buffers where nothing is configured. */
    public static final long MEMORY_BYTES_DEFAULT = 256L << 20;

    private static final int HANDSHAKES_WAITING_PER_PROCESSOR = 256;

    /** How many handshakes may wait on this machine where nothing is configured. */
    public static int usualHandshakesWaiting() {
        return HANDSHAKES_WAITING_PER_PROCESSOR * Runtime.getRuntime().availableProcessors();
    }
}
