package dev.headgate.bench.target;

import dev.headgate.bench.scenario.Protection;
import java.util.Map;
import java.util.Optional;

/** Headgate as a plain proxy: its defaults, with room for so many clients from one address. */
final class HeadgateConfig {
    private final ProxySetup setup;
    private final int connections;

    private HeadgateConfig(ProxySetup setup) {
        this.setup = setup;
        this.connections = setup.connectionsMax() + 1024;
    }

    /**
     * The document.
     *
     * @param settings further keys of its top level, which must not name {@code loops}
     * @param tlsProvider who does TLS; empty for the JDK
     */
    static String text(ProxySetup setup, Map<String, String> settings, Optional<String> tlsProvider) {
        StringBuilder text = new StringBuilder(new HeadgateConfig(setup).text(tlsProvider));
        settings.forEach(
                (key, value) -> text.append(key).append(": ").append(value).append('\n'));
        return text.toString();
    }

    private String text(Optional<String> tlsProvider) {
        ProxySetup.Tls tls = setup.tls();
        ProxySetup.Tls toHttp2 = setup.toHttp2Origin();
        return """
                version: 1
                loops: %d
                drain: 0s
                listeners:
                %s%s%s%supstreams:
                %s%sroutes:
                %s  - to: app
                limits: {connections: %d, connectionsPerPrefix: %d}
                log: {access: off}
                """.formatted(
                        setup.loops(),
                        listener("web", setup.listenPort(), ""),
                        tls == null ? "" : listener("secure", tls.port(), tlsLine(tls, tlsProvider)),
                        setup.http2Port() == 0 ? "" : listener("http2", setup.http2Port(), "    protocols: [h2]\n"),
                        toHttp2 == null ? "" : listener("http2-both", toHttp2.port(), tlsLine(toHttp2, tlsProvider)),
                        upstream("app", "http/1.1"),
                        toHttp2 == null ? "" : upstream("app2", "h2"),
                        toHttp2 == null ? "" : "  - {match: {host: " + Protection.HTTP2_ORIGIN_NAME + "}, to: app2}\n",
                        connections,
                        connections);
    }

    /** @param lines further ones */
    private String listener(String name, int port, String lines) {
        return """
                  - name: %s
                    address: 127.0.0.1:%d
                    backlog: 16384
                    limits: {requestsPerConnection: 1000000000, connections: %d}
                    timeouts: {keepAlive: 600s}
                %s""".formatted(name, port, connections, lines);
    }

    private static String tlsLine(ProxySetup.Tls tls, Optional<String> provider) {
        return """
                    tls: {certificates: [{chain: '%s', key: '%s'}]%s}
                """.formatted(
                        tls.certificate().chain(),
                        tls.certificate().key(),
                        provider.map(name -> ", provider: '" + name + "'").orElse(""));
    }

    private String upstream(String name, String protocol) {
        return """
                  %s:
                    endpoints: ["127.0.0.1:%d"]
                    protocol: %s
                    pool: {idle: 256, connections: %d}
                    timeouts: {poolIdle: 600s}
                """.formatted(name, setup.originPort(), protocol, connections);
    }
}
