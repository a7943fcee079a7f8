package dev.headgate.bench.target;

import java.util.Map;
import java.util.Optional;

/** Headgate as a plain proxy: its defaults, with room for so many clients from one address. */
final class HeadgateConfig {
    private HeadgateConfig() {}

    /**
     * The document.
     *
     * @param settings further keys of its top level, which must not name {@code loops}
     * @param tlsProvider who does TLS; empty for the JDK
     */
    static String text(ProxySetup setup, Map<String, String> settings, Optional<String> tlsProvider) {
        int connections = setup.connectionsMax() + 1024;
        StringBuilder text = new StringBuilder("""
                version: 1
                loops: %d
                drain: 0s
                listeners:
                  - name: web
                    address: 127.0.0.1:%d
                    backlog: 16384
                    limits: {requestsPerConnection: 1000000000, connections: %d}
                    timeouts: {keepAlive: 600s}
                %supstreams:
                  app:
                    endpoints: ["127.0.0.1:%d"]
                    pool: {idle: 256, connections: %d}
                    timeouts: {poolIdle: 600s}
                routes:
                  - to: app
                limits: {connections: %d, connectionsPerPrefix: %d}
                log: {access: off}
                """.formatted(
                        setup.loops(),
                        setup.listenPort(),
                        connections,
                        tls(setup, connections, tlsProvider),
                        setup.originPort(),
                        connections,
                        connections,
                        connections));
        settings.forEach(
                (key, value) -> text.append(key).append(": ").append(value).append('\n'));
        return text.toString();
    }

    /** One listener more. */
    private static String tls(ProxySetup setup, int connections, Optional<String> provider) {
        ProxySetup.Tls tls = setup.tls();
        if (tls == null) return "";
        return """
                  - name: secure
                    address: 127.0.0.1:%d
                    backlog: 16384
                    limits: {requestsPerConnection: 1000000000, connections: %d}
                    timeouts: {keepAlive: 600s}
                    tls: {certificates: [{chain: '%s', key: '%s'}]%s}
                """.formatted(
                        tls.port(),
                        connections,
                        tls.certificate().chain(),
                        tls.certificate().key(),
                        provider.map(name -> ", provider: '" + name + "'").orElse(""));
    }
}
