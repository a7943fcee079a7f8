package dev.headgate.bench.scenario;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a target takes load, on 127.0.0.1.
 *
 * @param plainPort for plain HTTP
 * @param secure for HTTPS; null where there is none
 */
public record Doors(int plainPort, @Nullable Secure secure) {
    /**
     * A port for HTTPS.
     *
     * @param port which
     * @param certificate that is shown there, as a PEM file
     */
    public record Secure(int port, Path certificate) {}

    /** For plain HTTP only. */
    public static Doors plain(int port) {
        return new Doors(port, null);
    }
}
