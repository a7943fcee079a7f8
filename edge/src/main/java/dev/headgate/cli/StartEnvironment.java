package dev.headgate.cli;

import dev.headgate.config.Environment;
import dev.headgate.tls.context.TlsProviders;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a start will find: an environment, and who does TLS here. */
record StartEnvironment(Environment environment) implements Environment {
    @Override
    public @Nullable String variable(String name) {
        return environment.variable(name);
    }

    @Override
    public String readFile(String path) throws IOException {
        return environment.readFile(path);
    }

    @Override
    public List<String> tlsProviders() {
        return TlsProviders.names();
    }
}
