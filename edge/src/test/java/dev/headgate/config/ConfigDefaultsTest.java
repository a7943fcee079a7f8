package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.RouteConfig.RouteAction;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigDefaultsTest {
    private static final String SAME_IN_A_FILE = """
            version: 1
            listeners: [{name: web, address: "127.0.0.1:8080"}]
            upstreams: {app: {endpoints: ["127.0.0.1:9001", "unix:/run/app.sock"]}}
            routes: [{name: all, match: {path: /x/**}, to: app}]
            log: {access: off}
            """;

    @Test
    void codeAndFileMakeTheSameConfiguration() {
        ProxyConfig fromFile = ConfigLoader.parse("test", SAME_IN_A_FILE, Environment.of(Map.of()))
                .orThrow();
        assertEquals(fromFile, inCode(new RouteAction.To("app")));
    }

    @Test
    void checkingChangesNothing() {
        ProxyConfig config = inCode(new RouteAction.To("app"));
        assertEquals(config, ConfigDefaults.checked(config).orThrow());
    }

    @Test
    void checkingFindsWhatAFileCouldNotSay() {
        ConfigResult result = ConfigDefaults.checked(inCode(new RouteAction.To("nowhere")));
        assertTrue(result.config().isEmpty());
        assertTrue(result.render().contains("nowhere"), result.render());
    }

    @Test
    void codeAndFileMakeTheSameListenerForTcp() {
        String inAFile = """
                version: 1
                listeners: [{name: db, address: "127.0.0.1:5432", protocols: tcp, to: app}]
                upstreams: {app: {endpoints: "127.0.0.1:9001"}}
                log: {access: off}
                """;
        ProxyConfig inCode = ConfigDefaults.proxy(
                List.of(ConfigDefaults.layer4Listener("db", new Address.Tcp("127.0.0.1", 5432), "app")),
                List.of(ConfigDefaults.upstream("app", new Address.Tcp("127.0.0.1", 9001))),
                List.of());
        assertEquals(
                ConfigLoader.parse("test", inAFile, Environment.of(Map.of())).orThrow(), inCode);
        assertEquals(inCode, ConfigDefaults.checked(inCode).orThrow());
    }

    private static ProxyConfig inCode(RouteAction action) {
        return ConfigDefaults.proxy(
                List.of(ConfigDefaults.listener("web", new Address.Tcp("127.0.0.1", 8080))),
                List.of(ConfigDefaults.upstream(
                        "app", new Address.Tcp("127.0.0.1", 9001), new Address.Unix("/run/app.sock"))),
                List.of(ConfigDefaults.route("all", "/x/**", action)));
    }
}
