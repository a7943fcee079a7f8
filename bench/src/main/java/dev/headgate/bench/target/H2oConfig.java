package dev.headgate.bench.target;

/**
 * h2o as a plain proxy: kept connections on both sides, and the time-outs that Headgate has as well. What matters to speed and
 * is not named has h2o's own default. It speaks HTTP/2 on every port with who begins with it.
 */
final class H2oConfig {
    private H2oConfig() {}

    static String text(ProxySetup setup, boolean isSuperuser) {
        return """
                num-threads: %d
                max-connections: %d
                %serror-log: %s/error.log
                pid-file: %s/h2o.pid
                http1-request-timeout: 600
                http2-idle-timeout: 600
                ssl-session-resumption:
                  mode: all
                  cache-store: internal
                  ticket-store: internal
                %s%s%shosts:
                  default:
                    paths:
                      "/":
                        proxy.reverse.url: http://127.0.0.1:%d/
                        proxy.preserve-host: ON
                        proxy.timeout.io: 60000
                        proxy.timeout.keepalive: 600000
                        proxy.websocket: ON
                        proxy.websocket.timeout: 600000
                """.formatted(
                        setup.loops(),
                        setup.connectionsMax() + 1024,
                        // Workers of the superuser would be nobody otherwise, who cannot write into the folder.
                        isSuperuser ? "user: root\n" : "",
                        setup.folder(),
                        setup.folder(),
                        listen(setup.listenPort()),
                        tls(setup),
                        setup.http2Port() == 0 ? "" : listen(setup.http2Port()),
                        setup.originPort());
    }

    private static String listen(int port) {
        return """
                listen:
                  host: 127.0.0.1
                  port: %d
                """.formatted(port);
    }

    private static String tls(ProxySetup setup) {
        ProxySetup.Tls tls = setup.tls();
        if (tls == null) return "";
        return listen(tls.port())
                + """
                  ssl:
                    certificate-file: %s
                    key-file: %s
                    minimum-version: TLSv1.2
                    cipher-suite: "%s"
                    cipher-preference: server
                    neverbleed: OFF
                    ocsp-update-interval: 0
                """.formatted(tls.certificate().chain(), tls.certificate().key(), TlsWords.CIPHERS);
    }
}
