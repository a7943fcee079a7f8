package dev.headgate.bench.target;

import dev.headgate.Headgate;
import dev.headgate.bench.scenario.Doors;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;

/** Headgate in this process, with the configuration that it has as a target with TLS. */
public final class SecureProxy implements AutoCloseable {
    private final Headgate proxy;
    private final BenchCertificate certificate;

    private SecureProxy(Headgate proxy, BenchCertificate certificate) {
        this.proxy = proxy;
        this.certificate = certificate;
    }

    public static SecureProxy before(int originPort, Path folder, Map<String, String> settings) throws Exception {
        BenchCertificate certificate = BenchCertificate.make(folder);
        ProxySetup setup = new ProxySetup(0, new ProxySetup.Tls(0, certificate), originPort, 1, 100, folder);
        var read = ConfigLoader.parse("bench", HeadgateConfig.text(setup, settings), Environment.of(Map.of()));
        if (read.config().isEmpty()) throw new IOException(read.render());
        return new SecureProxy(Headgate.start(read.config().get()), certificate);
    }

    public Doors doors() {
        return new Doors(port("web"), new Doors.Secure(port("secure"), certificate.chain()));
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
}
