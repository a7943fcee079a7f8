package dev.headgate.config;

import java.util.Map;

/** Small configurations for tests. */
final class Configs {
    static final Environment ENVIRONMENT =
            Environment.of(Map.of("SECRET", "hunter2", "UNIT", "s", "TEN", "10s", "EMPTY", ""));

    private Configs() {}

    /** A configuration with one listener, one upstream and one route, and {@code more} at its end. */
    static String minimalWith(String more) {
        return """
               version: 1
               listeners: [{name: web, address: "127.0.0.1:8080"}]
               upstreams: {app: {endpoints: "10.0.0.1:80"}}
               routes: [{to: app}]
               """ + more;
    }

    /** A configuration whose listener also has {@code keys}, in flow style. */
    static String listenerWith(String keys) {
        return minimalWith("").replace("address: \"127.0.0.1:8080\"", "address: \"127.0.0.1:8080\", " + keys);
    }

    /** A configuration whose upstream also has {@code keys}, in flow style. */
    static String upstreamWith(String keys) {
        return minimalWith("").replace("endpoints: \"10.0.0.1:80\"", "endpoints: \"10.0.0.1:80\", " + keys);
    }

    /** A configuration whose endpoint also has {@code keys}, in flow style. */
    static String endpointWith(String keys) {
        return minimalWith("")
                .replace("endpoints: \"10.0.0.1:80\"", "endpoints: [{address: \"10.0.0.1:80\", " + keys + "}]");
    }

    /** A configuration whose route also has {@code keys}, in flow style. */
    static String routeWith(String keys) {
        return minimalWith("").replace("{to: app}", "{to: app, " + keys + "}");
    }

    static ConfigResult parse(String text) {
        return ConfigLoader.parse("f", text, ENVIRONMENT);
    }

    static ProxyConfig parseOrThrow(String text) {
        return parse(text).orThrow();
    }
}
