package dev.headgate.bench.target;

/**
 * nginx as a plain proxy: kept connections on both sides, and the time-outs and limits that Headgate has as well. What
 * matters to speed and is not named has nginx's own default.
 */
final class NginxConfig {
    private final ProxySetup setup;
    private final NginxBuild build;

    private NginxConfig(ProxySetup setup, NginxBuild build) {
        this.setup = setup;
        this.build = build;
    }

    static String text(ProxySetup setup, NginxBuild build, boolean isSuperuser) {
        return new NginxConfig(setup, build).text(isSuperuser);
    }

    private String text(boolean isSuperuser) {
        String folder = setup.folder().toString();
        // Connections to the origin count too, and the last sixteenth is where nginx begins to close idle ones.
        int workerConnections = setup.connectionsMax() * 9 / 4 + 2048;
        return """
                daemon off;
                %sworker_processes %d;
                pid "%s/nginx.pid";
                error_log stderr error;
                events {
                    worker_connections %d;
                }
                http {
                    access_log off;
                    server_tokens off;
                    tcp_nodelay on;
                    keepalive_timeout 600s;
                    keepalive_requests 1000000000;
                    client_header_timeout 10s;
                    client_body_timeout 30s;
                    client_max_body_size 10m;
                    client_body_temp_path "%s/client";
                    proxy_temp_path "%s/proxy";
                    fastcgi_temp_path "%s/fastcgi";
                    uwsgi_temp_path "%s/uwsgi";
                    scgi_temp_path "%s/scgi";
                    upstream origin {
                        server 127.0.0.1:%d max_fails=0;
                        keepalive 256;
                        keepalive_requests 1000000000;
                        keepalive_timeout 600s;
                    }
                %s%s%s%s}
                """.formatted(
                        // Workers of the superuser would be nobody otherwise, who cannot write into the folder.
                        isSuperuser ? "user root;\n" : "",
                        setup.loops(),
                        folder,
                        workerConnections,
                        folder,
                        folder,
                        folder,
                        folder,
                        folder,
                        setup.originPort(),
                        server(setup.listenPort(), "", "", "1.1"),
                        tls(),
                        http2(),
                        toHttp2Origin());
    }

    /**
     * A server of one port.
     *
     * @param words further ones of its listen directive
     * @param lines further ones
     * @param originVersion of HTTP
     */
    private static String server(int port, String words, String lines, String originVersion) {
        return """
                    server {
                        listen 127.0.0.1:%d%s backlog=16384;
                %s        location / {
                            proxy_pass http://origin;
                            proxy_http_version %s;
                            proxy_set_header Connection "";
                            proxy_set_header Host $host;
                            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                            proxy_connect_timeout 3s;
                            proxy_read_timeout 60s;
                        }
                    }
                """.formatted(port, words, lines, originVersion);
    }

    private String tls() {
        ProxySetup.Tls tls = setup.tls();
        if (tls == null) return "";
        boolean isHttp2 = setup.http2Port() != 0;
        return server(tls.port(), " ssl" + http2Word(isHttp2), tlsLines(tls) + http2Line(isHttp2), "1.1");
    }

    private String http2() {
        return setup.http2Port() == 0 ? "" : server(setup.http2Port(), http2Word(true), http2Line(true), "1.1");
    }

    private String toHttp2Origin() {
        ProxySetup.Tls tls = setup.toHttp2Origin();
        if (tls == null) return "";
        return server(tls.port(), " ssl" + http2Word(true), tlsLines(tls) + http2Line(true), "2");
    }

    private String http2Word(boolean isHttp2) {
        return isHttp2 && !build.hasHttp2Directive() ? " http2" : "";
    }

    private String http2Line(boolean isHttp2) {
        return isHttp2 && build.hasHttp2Directive() ? "        http2 on;\n" : "";
    }

    /** A session cache, beside tickets, is off by default. */
    private static String tlsLines(ProxySetup.Tls tls) {
        return """
                        ssl_certificate "%s";
                        ssl_certificate_key "%s";
                        ssl_protocols TLSv1.2 TLSv1.3;
                        ssl_ciphers %s;
                        ssl_conf_command Ciphersuites %s;
                        ssl_prefer_server_ciphers on;
                        ssl_ecdh_curve %s;
                        ssl_session_tickets on;
                        ssl_session_timeout 1d;
                """.formatted(
                tls.certificate().chain(), tls.certificate().key(), TlsWords.CIPHERS, TlsWords.SUITES, TlsWords.GROUPS);
    }
}
