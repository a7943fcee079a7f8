package dev.headgate.bench.scenario;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a target takes load, on 127.0.0.1.
 *
 * @param plainPort for plain HTTP/1.1
 * @param http2Port for HTTP/2 with prior knowledge; 0 where there is none
 * @param secure for HTTPS; null where there is none
 * @param toHttp2Origin the same, from where the origin is spoken HTTP/2 with
 */
public record Doors(
        int plainPort,
        int http2Port,
        @Nullable Secure secure,
        @Nullable Secure toHttp2Origin) {
    /**
     * A port for HTTPS.
     *
     * @param port which
     * @param certificate that is shown there, as a PEM file
     */
    public record Secure(int port, Path certificate) {}

    /** For plain HTTP/1.1 only. */
    public static Doors plain(int port) {
        return new Doors(port, 0, null, null);
    }

    /** One port for plain HTTP/1.1, and for HTTP/2 with prior knowledge. */
    public static Doors both(int port) {
        return new Doors(port, port, null, null);
    }
}
