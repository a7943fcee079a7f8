package dev.headgate.filter;

import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.HeadgateStartException;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.net.InetSocketAddress;

/** A proxy with filters on its one route, {@code filtered}. Unlike the harness of the other tests it lets filters fail. */
final class FilteredProxy implements AutoCloseable {
    private final Headgate proxy;

    private FilteredProxy(Headgate proxy) {
        this.proxy = proxy;
    }

    static FilteredProxy before(ScriptedOrigin origin, Filter... filters) {
        return start(ProxySetup.before(origin), filters);
    }

    /** One whose clients may speak HTTP/2. */
    static FilteredProxy withHttp2Before(ScriptedOrigin origin, Filter... filters) {
        return start(ProxySetup.before(origin).listener("protocols: [h2, http/1.1]"), filters);
    }

    private static FilteredProxy start(ProxySetup setup, Filter... filters) {
        var options = HeadgateOptions.defaults().withLogger(new SilentLogger());
        for (Filter filter : filters) {
            options = options.withFilter("filtered", filter);
        }
        var yaml = setup.route("{name: filtered, to: app}").yaml();
        var config =
                ConfigLoader.parse("test.yaml", yaml, Environment.ofProcess()).orThrow();
        try {
            return new FilteredProxy(Headgate.start(config, options));
        } catch (HeadgateStartException e) {
            throw new AssertionError("cannot start", e);
        }
    }

    RawClient connect() {
        return RawClient.connect(port());
    }

    int port() {
        return ((InetSocketAddress) proxy.listeners().getFirst().address()).getPort();
    }

    /** Stops the proxy once every buffer is back. */
    @Override
    public void close() {
        try {
            Await.until("no buffer is out", () -> proxy.outstandingBuffers() == 0);
        } finally {
            proxy.close();
        }
    }
}
