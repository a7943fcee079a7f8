package dev.headgate.bench.fault.run;

import dev.headgate.bench.fault.FaultScenario;
import dev.headgate.bench.fault.origin.FaultOriginMain;
import dev.headgate.bench.scenario.Ability;
import dev.headgate.bench.target.HeadgateProgram;
import dev.headgate.bench.target.ProxySetup;
import dev.headgate.bench.target.ProxyTarget.Recipe;
import dev.headgate.bench.target.Recipes;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How each program is configured for faults: as its manual has it done for production, with the same bounds for all. The better of two
 * endpoints that chance picks; three attempts, a second for each to connect and a second to answer, after no answer or 503; where there are
 * checks, one a second, of half a second at most, down after three and up after two.
 */
final class FaultRecipes {
    private FaultRecipes() {}

    static Recipe headgate(HeadgateProgram program, List<String> javaOptions, Backends backends) {
        Recipe usual = Recipes.headgate(program, javaOptions, Map.of(), Optional.empty());
        return configured(usual, setup -> headgateText(setup, backends));
    }

    static Recipe nginx(Recipe usual, Backends backends) {
        boolean isSuperuser = "root".equals(System.getProperty("user.name"));
        return configured(usual, setup -> nginxText(setup, backends, isSuperuser));
    }

    static Recipe haproxy(Recipe usual, Backends backends) {
        return configured(usual, setup -> haproxyText(setup, backends));
    }

    private static Recipe configured(Recipe usual, Function<ProxySetup, String> text) {
        return new Recipe() {
            @Override
            public String fileName() {
                return usual.fileName();
            }

            @Override
            public String configuration(ProxySetup setup) {
                return text.apply(setup);
            }

            @Override
            public Set<Ability> abilities() {
                return EnumSet.noneOf(Ability.class);
            }

            @Override
            public List<String> command(Path file) {
                return usual.command(file);
            }

            @Override
            public Map<String, String> variables() {
                return usual.variables();
            }

            @Override
            public void prepare() throws InterruptedException {
                usual.prepare();
            }
        };
    }

    private static String at(InetSocketAddress origin) {
        return origin.getHostString() + ":" + origin.getPort();
    }

    /** A line for each origin. */
    private static String each(List<InetSocketAddress> origins, Function<InetSocketAddress, String> line) {
        StringBuilder text = new StringBuilder();
        for (InetSocketAddress origin : origins) text.append(line.apply(origin)).append('\n');
        return text.toString();
    }

    static String headgateText(ProxySetup setup, Backends backends) {
        int connections = setup.connectionsMax() + 1024;
        return """
                version: 1
                loops: %d
                drain: 0s
                listeners:
                  - name: web
                    address: 127.0.0.1:%d
                    backlog: 16384
                    limits: {requestsPerConnection: 1000000000, connections: %d}
                    timeouts: {keepAlive: 600s}
                upstreams:
                  app:
                    endpoints:
                %s    health: {path: %s, interval: 1s, timeout: 500ms, fall: 3, rise: 2}
                    ejection: {earlyReturn: always}
                    retry: {attempts: 3, perTry: 1s, on: [connect, reset, refused-stream, timeout, 503]}
                    timeouts: {connect: 1s}
                    pool: {connections: %d}
                routes:
                  - to: app
                limits: {connections: %d, connectionsPerPrefix: %d}
                log: {access: off}
                %s""".formatted(
                        setup.loops(),
                        setup.listenPort(),
                        connections,
                        backends.name()
                                .map(name -> "      - \"" + at(name) + "\"\n")
                                .orElseGet(() -> each(backends.origins(), origin -> "      - \"" + at(origin) + "\"")),
                        FaultOriginMain.HEALTH_PATH,
                        connections,
                        connections,
                        connections,
                        backends.nameServerPort()
                                .map(port -> "dns: {servers: [\"127.0.0.1:" + port + "\"]}\n")
                                .orElse(""));
    }

    static String nginxText(ProxySetup setup, Backends backends, boolean isSuperuser) {
        String folder = setup.folder().toString();
        return """
                daemon off;
                %sworker_processes %d;
                pid "%s/nginx.pid";
                error_log stderr crit;
                events {
                    worker_connections %d;
                }
                http {
                    access_log off;
                    server_tokens off;
                    tcp_nodelay on;
                    keepalive_timeout 600s;
                    keepalive_requests 1000000000;
                    client_body_temp_path "%s/client";
                    proxy_temp_path "%s/proxy";
                    fastcgi_temp_path "%s/fastcgi";
                    uwsgi_temp_path "%s/uwsgi";
                    scgi_temp_path "%s/scgi";
                %s    server {
                        listen 127.0.0.1:%d backlog=16384;
                        location / {
                %s            proxy_pass http://%s;
                            proxy_http_version 1.1;
                            proxy_set_header Connection %s;
                            proxy_set_header Host $host;
                            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                            proxy_connect_timeout 1s;
                            proxy_read_timeout 1s;
                            proxy_next_upstream error timeout http_503;
                            proxy_next_upstream_tries 3;
                        }
                    }
                }
                """.formatted(
                isSuperuser ? "user root;\n" : "",
                setup.loops(),
                folder,
                setup.connectionsMax() * 9 / 4 + 2048,
                folder,
                folder,
                folder,
                folder,
                folder,
                backends.name().isPresent() ? "" : nginxUpstream(backends.origins()),
                setup.listenPort(),
                backends.nameServerPort().map(FaultRecipes::nginxResolver).orElse(""),
                backends.name().map(name -> "$app:" + name.getPort()).orElse("app"),
                backends.name().isPresent() ? "close" : "\"\"");
    }

    private static String nginxUpstream(List<InetSocketAddress> origins) {
        return """
                    upstream app {
                        zone app 64k;
                        random two least_conn;
                %s        keepalive 256;
                        keepalive_requests 1000000000;
                    }
                """.formatted(each(origins, origin -> "        server " + at(origin) + " max_fails=3 fail_timeout=5s;"));
    }

    /** Before 1.27.3, without a subscription, a name is looked up anew by way of a variable alone; connections are not kept then. */
    private static String nginxResolver(int port) {
        return """
                            resolver 127.0.0.1:%d ipv6=off;
                            set $app %s;
                """.formatted(port, Backends.NAME);
    }

    static String haproxyText(ProxySetup setup, Backends backends) {
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
                    timeout connect 1s
                    timeout client 60s
                    timeout http-request 10s
                    timeout http-keep-alive 600s
                    timeout server 1s
                    timeout queue 1s
                    timeout check 500ms
                %sfrontend web
                    bind 127.0.0.1:%d backlog 16384
                    option forwardfor
                    default_backend app
                backend app
                    balance random(2)
                    option httpchk
                    http-check send meth GET uri %s ver HTTP/1.1 hdr Host health
                    http-check expect status 200
                    http-request disable-l7-retry if METH_POST
                    retries 2
                    retry-on conn-failure empty-response response-timeout 503
                    option redispatch 1
                    default-server check inter 1s fall 3 rise 2 observe layer7 error-limit 5 on-error mark-down pool-max-conn -1
                %s""".formatted(
                setup.loops(),
                setup.connectionsMax() + 1024,
                setup.connectionsMax() + 1024,
                backends.nameServerPort().map(FaultRecipes::haproxyResolvers).orElse(""),
                setup.listenPort(),
                FaultOriginMain.HEALTH_PATH,
                backends.name()
                        .map(FaultRecipes::haproxyTemplate)
                        .orElseGet(() -> each(
                                backends.origins(),
                                origin ->
                                        "    server o" + origin.getHostString().replace('.', '-') + " " + at(origin))));
    }

    private static String haproxyResolvers(int port) {
        return """
                resolvers local
                    nameserver dns 127.0.0.1:%d
                    accepted_payload_size 1232
                    timeout resolve 1s
                    timeout retry 1s
                    hold valid 1s
                """.formatted(port);
    }

    private static String haproxyTemplate(InetSocketAddress name) {
        return "    server-template o " + FaultScenario.ORIGINS + " " + at(name)
                + " resolvers local resolve-prefer ipv4 init-addr none\n";
    }
}
