package dev.headgate.upstream;

import dev.headgate.config.Address;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.Gate;
import dev.headgate.engine.io.NameResolver;
import dev.headgate.engine.io.WorkPool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the addresses of endpoints current. Literal addresses and socket paths are set at once; names are looked up off the loops, again and
 * again. While a look-up fails or stays silent, the last good answer stays in use.
 *
 * <p>One thread runs {@link #doWork}; answers come on the threads of the pool.
 */
public final class EndpointResolver implements DutyCycle {
    private static final int ADDRESSES_MAX = 64;

    private final NameResolver resolver;
    private final WorkPool pool;
    private final Listener listener;
    private final List<NamedEndpoint> named = new ArrayList<>();
    private volatile boolean closed;

    /** Is told of look-ups that brought nothing; on a thread of the pool or of the resolver's agent. */
    @AnyThread
    public interface Listener {
        void onLookUpFailed(String upstream, String host, String reason);
    }

    public EndpointResolver(NameResolver resolver, WorkPool pool, Listener listener) {
        this.resolver = resolver;
        this.pool = pool;
        this.listener = listener;
    }

    /** Takes on the endpoints of {@code upstream}. Before the first cycle only. */
    public void add(UpstreamNode upstream) {
        List<UpstreamConfig.EndpointConfig> configs = upstream.config().endpoints();
        for (int i = 0; i < configs.size(); i++) {
            EndpointNode endpoint = upstream.endpoint(i);
            Address address = configs.get(i).address();
            SocketAddress known = address.knownAddress();
            if (known != null) {
                endpoint.resolved(List.of(known));
            } else if (address instanceof Address.Tcp tcp) {
                named.add(new NamedEndpoint(upstream, endpoint, tcp));
            }
        }
    }

    /** How many names there are to look up. */
    public int names() {
        return named.size();
    }

    /**
     * Looks every name up once and waits for the answers, at most as long as the slowest upstream allows.
     *
     * @param answers opens after as many answers as there are {@link #names}
     */
    public void resolveAll(long nowNs, Gate answers) throws InterruptedException {
        long timeoutNs = 0;
        for (NamedEndpoint endpoint : named) {
            endpoint.lookUp(nowNs, answers);
            timeoutNs = Math.max(timeoutNs, endpoint.upstream.config().dns().timeoutNs());
        }
        boolean complete = answers.await(timeoutNs);
        if (!complete) {
            for (NamedEndpoint endpoint : named) {
                endpoint.checkOverdue(nowNs + timeoutNs);
            }
        }
    }

    @Override
    public int doWork(long nowNs) {
        if (closed) {
            return DONE;
        }
        int work = 0;
        for (NamedEndpoint endpoint : named) {
            endpoint.checkOverdue(nowNs);
            if (endpoint.isDue(nowNs)) {
                endpoint.lookUp(nowNs, null);
                work++;
            }
        }
        return work;
    }

    @Override
    public void onFailure(Throwable failure) {
        listener.onLookUpFailed("", "", failure.toString());
    }

    public void close() {
        closed = true;
    }

    /** One name and the state of its look-ups; the agent's, but for the number of the last answer. */
    private final class NamedEndpoint {
        private final UpstreamNode upstream;
        private final EndpointNode endpoint;
        private final Address.Tcp address;
        private final AtomicInteger answered = new AtomicInteger();
        private int asked;
        private boolean overdueReported;
        private long askedNs;

        NamedEndpoint(UpstreamNode upstream, EndpointNode endpoint, Address.Tcp address) {
            this.upstream = upstream;
            this.endpoint = endpoint;
            this.address = address;
        }

        boolean isDue(long nowNs) {
            boolean waiting = answered.get() != asked;
            return !waiting && nowNs - askedNs >= upstream.config().dns().refreshNs();
        }

        void checkOverdue(long nowNs) {
            boolean waiting = answered.get() != asked;
            if (waiting
                    && !overdueReported
                    && nowNs - askedNs >= upstream.config().dns().timeoutNs()) {
                overdueReported = true;
                listener.onLookUpFailed(upstream.name(), address.host(), "no answer in time");
            }
        }

        void lookUp(long nowNs, @Nullable Gate answers) {
            asked++;
            askedNs = nowNs;
            overdueReported = false;
            int number = asked;
            boolean taken = resolver.resolve(address.host(), pool, new NameResolver.Answer() {
                @Override
                public void onResolved(List<InetAddress> addresses) {
                    endpoint.resolved(withPort(addresses));
                    done(number, answers);
                }

                @Override
                public void onFailed(IOException failure) {
                    listener.onLookUpFailed(upstream.name(), address.host(), String.valueOf(failure.getMessage()));
                    done(number, answers);
                }
            });
            if (!taken) {
                listener.onLookUpFailed(upstream.name(), address.host(), "too many look-ups are waiting");
                done(number, answers);
            }
        }

        private void done(int number, @Nullable Gate answers) {
            answered.set(number);
            if (answers != null) {
                answers.countDown();
            }
        }

        private List<SocketAddress> withPort(List<InetAddress> addresses) {
            List<SocketAddress> result = new ArrayList<>();
            for (InetAddress each : addresses.subList(0, Math.min(addresses.size(), ADDRESSES_MAX))) {
                result.add(new InetSocketAddress(each, address.port()));
            }
            return result;
        }
    }
}
