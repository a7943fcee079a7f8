package dev.headgate.bench.target;

import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.bench.scenario.Doors;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Headgate in this process, with the configuration that it has as a target with TLS. */
public final class SecureProxy implements AutoCloseable {
    private final Headgate proxy;
    private final BenchCertificate certificate;

    private SecureProxy(Headgate proxy, BenchCertificate certificate) {
        this.proxy = proxy;
        this.certificate = certificate;
    }

    /** @param provider who does TLS; empty for the JDK */
    public static SecureProxy before(int originPort, Path folder, Optional<String> provider) throws Exception {
        BenchCertificate certificate = BenchCertificate.make(folder);
        ProxySetup setup = new ProxySetup(
                0,
                new ProxySetup.Tls(0, certificate),
                0,
                new ProxySetup.Tls(0, certificate),
                originPort,
                1,
                100,
                folder);
        var read =
                ConfigLoader.parse("bench", HeadgateConfig.text(setup, Map.of(), provider), Environment.of(Map.of()));
        if (read.config().isEmpty()) throw new IOException(read.render());
        return new SecureProxy(
                Headgate.start(read.config().get(), HeadgateOptions.loggingTo(new Silence())), certificate);
    }

    public Doors doors() {
        return new Doors(port("web"), 0, secure("secure"), secure("http2-both"));
    }

    private Doors.Secure secure(String name) {
        return new Doors.Secure(port(name), certificate.chain());
    }

    private int port(String name) {
        return proxy.listeners().stream()
                .filter(listener -> listener.name().equals(name))
                .map(listener -> ((InetSocketAddress) listener.address()).getPort())
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        proxy.close();
        try {
            proxy.awaitTermination();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the proxy has to say interests nobody here. */
    private static final class Silence implements System.Logger {
        @Override
        public String getName() {
            return "silence";
        }

        @Override
        public boolean isLoggable(Level level) {
            return false;
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable thrown) {}

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object... values) {}
    }
}
