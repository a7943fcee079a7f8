package dev.headgate.bench.scenario;

import dev.headgate.bench.load.LoadTls;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How the connections of a load are protected. */
public enum Protection {
    /** Not at all. */
    NONE,
    /** TLS 1.3, with a whole handshake on each connection. */
    TLS_1_3,
    /** TLS 1.3, with the session of the connection before. */
    TLS_1_3_RESUMED,
    /** TLS 1.2, with the session of the connection before. */
    TLS_1_2_RESUMED;

    /** Whether it is TLS. */
    public boolean isTls() {
        return this != NONE;
    }

    /** The name by which a target is asked for. */
    public static final String SERVER_NAME = "bench.test";

    /** The same for what is to go to the origin by HTTP/2: routes can tell by it. */
    public static final String HTTP2_ORIGIN_NAME = "h2.bench.test";

    /** What that is for a generator which asks for {@code name} and believes {@code certificate}. */
    @Nullable
    LoadTls toLoadTls(String name, Path certificate) {
        return switch (this) {
            case NONE -> null;
            case TLS_1_3 -> new LoadTls(LoadTls.Version.TLS_1_3, name, certificate, false);
            case TLS_1_3_RESUMED -> new LoadTls(LoadTls.Version.TLS_1_3, name, certificate, true);
            case TLS_1_2_RESUMED -> new LoadTls(LoadTls.Version.TLS_1_2, name, certificate, true);
        };
    }
}
