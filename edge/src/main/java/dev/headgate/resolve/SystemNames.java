package dev.headgate.resolve;

import dev.headgate.config.UpstreamConfig.DnsConfig.Family;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.io.NameResolver;
import dev.headgate.engine.io.WorkPool;
import dev.headgate.observe.DnsFailure;
import dev.headgate.observe.DnsMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** The system's own resolver, which blocks and tells neither times nor reasons; results come on threads of its pool. */
@AnyThread
final class SystemNames implements NameService {
    /** How long its answers are taken to hold. */
    static final long TTL_NS = 30_000_000_000L;

    private final NameResolver resolver;
    private final WorkPool pool;
    private final ResolverOptions options;
    private final DnsMetrics metrics;
    private volatile boolean isClosed;

    SystemNames(NameResolver resolver, WorkPool pool, ResolverOptions options, DnsMetrics metrics) {
        this.resolver = resolver;
        this.pool = pool;
        this.options = options;
        this.metrics = metrics;
    }

    /** The JDK asks for both families whatever is wanted. */
    @Override
    public boolean addresses(String host, Family wanted, LookUpListener<AddressAnswer> listener) {
        return counted(resolver.resolve(host, pool, new NameResolver.Answer() {
            @Override
            public void onResolved(List<InetAddress> addresses) {
                metrics.onAnswer();
                listener.onAnswer(new AddressAnswer(
                        AddressAnswer.inOrder(addresses), options.clamp(TTL_NS), AddressAnswer.Missing.NOTHING));
            }

            @Override
            public void onFailed(IOException failure) {
                fail(listener, DnsFailure.SYSTEM);
            }
        }));
    }

    private boolean counted(boolean isTaken) {
        if (!isTaken && !isClosed) {
            metrics.onFailure(DnsFailure.OVERLOADED);
        }
        return isTaken;
    }

    /** The JDK has no way to ask for it. */
    @Override
    public boolean services(String name, Family wanted, LookUpListener<ServiceAnswer> listener) {
        return counted(pool.submit(() -> fail(listener, DnsFailure.NO_DATA)));
    }

    private void fail(LookUpListener<?> listener, DnsFailure kind) {
        metrics.onFailure(kind);
        listener.onFailed(new LookUpFailure(kind, options.retryNs()));
    }

    /** The system looks for itself. */
    @Override
    public void refresh(long nowNs) {}

    @Override
    public void close() {
        isClosed = true;
        pool.close();
    }
}
