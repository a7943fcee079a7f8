package dev.headgate.bench.target;

/**
 * nginx as a plain proxy: kept connections on both sides, and the time-outs and limits that Headgate has as well. What
 * matters to speed and is not named has nginx's own default.
 */
final class NginxConfig {
    private NginxConfig() {}

    static String text(ProxySetup setup, boolean isSuperuser) {
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
                    server {
                        listen 127.0.0.1:%d backlog=16384;
                %s                        location / {
                            proxy_pass http://origin;
                            proxy_http_version 1.1;
                            proxy_set_header Connection "";
                            proxy_set_header Host $host;
                            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                            proxy_connect_timeout 3s;
                            proxy_read_timeout 60s;
                        }
                    }
                }
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
                        setup.listenPort(),
                        tls(setup));
    }

    /** Some lines more. A session cache, beside tickets, is off by default. */
    private static String tls(ProxySetup setup) {
        ProxySetup.Tls tls = setup.tls();
        if (tls == null) return "";
        return """
                        listen 127.0.0.1:%d ssl backlog=16384;
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
                        tls.port(),
                        tls.certificate().chain(),
                        tls.certificate().key(),
                        TlsWords.CIPHERS,
                        TlsWords.SUITES,
                        TlsWords.GROUPS);
    }
}
