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
                %s                    option forwardfor
                    default_backend app
                backend app
                    server origin 127.0.0.1:%d pool-max-conn -1
                """.formatted(
                        setup.loops(),
                        setup.connectionsMax() + 1024,
                        setup.connectionsMax() + 1024,
                        setup.listenPort(),
                        tls(setup),
                        setup.originPort());
    }

    /** One line more. */
    private static String tls(ProxySetup setup) {
        ProxySetup.Tls tls = setup.tls();
        if (tls == null) return "";
        return """
                    bind 127.0.0.1:%d backlog 16384 ssl crt %s alpn http/1.1 ssl-min-ver TLSv1.2 ciphers %s ciphersuites %s curves %s
                """.formatted(tls.port(), tls.certificate().both(), TlsWords.CIPHERS, TlsWords.SUITES, TlsWords.GROUPS);
    }
}
