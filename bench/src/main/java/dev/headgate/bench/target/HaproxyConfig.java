package dev.headgate.bench.target;

/**
 * HAProxy as a plain proxy: connections to the origin shared by all clients, and the time-outs that Headgate has as well.
 * What matters to speed and is not named has HAProxy's own default.
 */
final class HaproxyConfig {
    private HaproxyConfig() {}

    static String text(ProxySetup setup) {
        return """
                global
                    nbthread %d
                    maxconn %d
                    no strict-limits
                defaults
                    mode http
                    maxconn %d
                    option http-keep-alive
                    http-reuse always
                    timeout connect 3s
                    timeout client 60s
                    timeout http-request 10s
                    timeout http-keep-alive 600s
                    timeout server 60s
                frontend web
                    bind 127.0.0.1:%d backlog 16384
                %s%s    option forwardfor
                    default_backend app
                backend app
                    server origin 127.0.0.1:%d pool-max-conn -1
                %s""".formatted(
                        setup.loops(),
                        setup.connectionsMax() + 1024,
                        setup.connectionsMax() + 1024,
                        setup.listenPort(),
                        tls(setup),
                        http2(setup),
                        setup.originPort(),
                        toHttp2Origin(setup));
    }

    private static String tls(ProxySetup setup) {
        ProxySetup.Tls tls = setup.tls();
        if (tls == null) return "";
        return bindTls(tls, setup.http2Port() == 0 ? "http/1.1" : "h2,http/1.1");
    }

    private static String http2(ProxySetup setup) {
        return setup.http2Port() == 0 ? "" : "    bind 127.0.0.1:" + setup.http2Port() + " backlog 16384 proto h2\n";
    }

    private static String bindTls(ProxySetup.Tls tls, String protocols) {
        return """
                    bind 127.0.0.1:%d backlog 16384 ssl crt %s alpn %s ssl-min-ver TLSv1.2 ciphers %s ciphersuites %s curves %s
                """.formatted(
                tls.port(), tls.certificate().both(), protocols, TlsWords.CIPHERS, TlsWords.SUITES, TlsWords.GROUPS);
    }

    private static String toHttp2Origin(ProxySetup setup) {
        ProxySetup.Tls tls = setup.toHttp2Origin();
        if (tls == null) return "";
        return """
                frontend web2
                %s    option forwardfor
                    default_backend app2
                backend app2
                    server origin 127.0.0.1:%d pool-max-conn -1 proto h2
                """.formatted(bindTls(tls, "h2"), setup.originPort());
    }
}
