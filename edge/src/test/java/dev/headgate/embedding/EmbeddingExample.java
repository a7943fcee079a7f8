package dev.headgate.embedding;

import dev.headgate.Headgate;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import java.util.Map;

final class EmbeddingExample {
    static Headgate start(String origin) throws Exception {
        String text = """
                version: 1
                listeners: [{name: web, address: "127.0.0.1:0"}]
                upstreams: {app: {endpoints: "${ORIGIN}"}}
                routes: [{to: app}]
                log: {access: off}
                """;
        Environment values = Environment.of(Map.of("ORIGIN", origin));
        return Headgate.start(ConfigLoader.parse("example", text, values).orThrow());
    }

    private EmbeddingExample() {}
}
