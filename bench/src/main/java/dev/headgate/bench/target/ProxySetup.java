package dev.headgate.bench.target;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What every proxy is configured for.
 *
 * @param listenPort on 127.0.0.1
 * @param tls a second port, for TLS; null where there is none
 * @param http2Port a port for HTTP/2 with prior knowledge, with which HTTP/2 can be chosen at {@code tls} too; 0 for neither
 * @param toHttp2Origin a further port for TLS, with HTTP/2, from where HTTP/2 is spoken with the origin; null where there is none
 * @param originPort on 127.0.0.1, where everything is forwarded to
 * @param loops event loops, workers or threads
 * @param connectionsMax client connections that must find room
 * @param folder for whatever files it writes
 */
public record ProxySetup(
        int listenPort,
        @Nullable Tls tls,
        int http2Port,
        @Nullable Tls toHttp2Origin,
        int originPort,
        int loops,
        int connectionsMax,
        Path folder) {
    /**
     * A port for TLS 1.3 and 1.2, with session tickets.
     *
     * @param port on 127.0.0.1
     * @param certificate that is shown
     */
    public record Tls(int port, BenchCertificate certificate) {}
}
