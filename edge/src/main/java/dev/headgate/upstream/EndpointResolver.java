package dev.headgate.upstream;

import dev.headgate.config.Address;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.Gate;
import dev.headgate.observe.DnsFailure;
import dev.headgate.resolve.AddressAnswer;
import dev.headgate.resolve.LookUpFailure;
import dev.headgate.resolve.LookUpListener;
import dev.headgate.resolve.NameService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the addresses of endpoints current. Literal addresses and socket paths are set at once; names are looked up again and
 * again, when an answer holds no longer. While a look-up fails or stays silent, the last good answer stays in use.
 *
 * <p>One thread runs {@link #doWork}; answers come on the threads of those who look up.
 */
public final class EndpointResolver implements DutyCycle {
    /** When to try again what could not even be begun. */
    private static final long REFUSED_RETRY_NS = 1_000_000_000L;

    private final Supplier<NameService> service;
    private final int addressesMax;
    private final Listener listener;
    private final List<NamedEndpoint> named = new ArrayList<>();
    private volatile @Nullable NameService names; // set before the first look-up
    private volatile boolean closed;

    /** Is told of look-ups that brought nothing; on a thread of those who look up or of the resolver's agent. */
    @AnyThread
    public interface Listener {
        void onLookUpFailed(String upstream, String host, String reason);
    }

    /**
     * @param service who looks names up; asked for when there is a name
     * @param addressesMax most addresses of one name
     */
    public EndpointResolver(Supplier<NameService> service, int addressesMax, Listener listener) {
        this.service = service;
        this.addressesMax = addressesMax;
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
        NameService opened = service.get();
        names = opened;
        long timeoutNs = 0;
        for (NamedEndpoint endpoint : named) {
            endpoint.lookUp(opened, nowNs, answers);
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
        NameService asked = names;
        if (asked == null) {
            return 0;
        }
        asked.refresh(nowNs);
        int work = 0;
        for (NamedEndpoint endpoint : named) {
            endpoint.checkOverdue(nowNs);
            if (endpoint.isDue(nowNs)) {
                endpoint.lookUp(asked, nowNs, null);
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
        NameService asked = names;
        if (asked != null) {
            asked.close();
        }
    }

    /** What the last look-up has come to: its number, and how long that holds. */
    private record Answered(int number, long holdsNs) {}

    /** One name and the state of its look-ups; the agent's, but for what answers change: one at a time, as there is one look-up at a time. */
    private final class NamedEndpoint {
        private final UpstreamNode upstream;
        private final EndpointNode endpoint;
        private final Address.Tcp address;
        private volatile Answered answered = new Answered(0, 0);
        private List<InetAddress> known = List.of(); // as answers found them
        private int asked;
        private boolean overdueReported;
        private long askedNs;

        NamedEndpoint(UpstreamNode upstream, EndpointNode endpoint, Address.Tcp address) {
            this.upstream = upstream;
            this.endpoint = endpoint;
            this.address = address;
        }

        boolean isDue(long nowNs) {
            Answered last = answered;
            long refreshNs = upstream.config().dns().refreshNs();
            long holdsNs = refreshNs == 0 ? last.holdsNs : Math.min(last.holdsNs, refreshNs);
            return last.number == asked && nowNs - askedNs >= holdsNs;
        }

        void checkOverdue(long nowNs) {
            boolean waiting = answered.number != asked;
            if (waiting
                    && !overdueReported
                    && nowNs - askedNs >= upstream.config().dns().timeoutNs()) {
                overdueReported = true;
                listener.onLookUpFailed(upstream.name(), address.host(), "no answer in time");
            }
        }

        void lookUp(NameService service, long nowNs, @Nullable Gate answers) {
            asked++;
            askedNs = nowNs;
            overdueReported = false;
            int number = asked;
            boolean taken = service.addresses(address.host(), new LookUpListener<>() {
                @Override
                public void onAnswer(AddressAnswer answer) {
                    known = answer.withKnown(known, addressesMax);
                    endpoint.resolved(withPort(known));
                    done(number, answer.ttlNs(), answers);
                }

                @Override
                public void onFailed(LookUpFailure failure) {
                    listener.onLookUpFailed(
                            upstream.name(), address.host(), failure.kind().text());
                    done(number, failure.retryNs(), answers);
                }
            });
            if (!taken && !closed) {
                listener.onLookUpFailed(upstream.name(), address.host(), DnsFailure.OVERLOADED.text());
                done(number, REFUSED_RETRY_NS, answers);
            }
        }

        private void done(int number, long holdsNs, @Nullable Gate answers) {
            answered = new Answered(number, holdsNs);
            if (answers != null) {
                answers.countDown();
            }
        }

        private List<SocketAddress> withPort(List<InetAddress> addresses) {
            List<SocketAddress> result = new ArrayList<>();
            for (InetAddress each : addresses) {
                result.add(new InetSocketAddress(each, address.port()));
            }
            return result;
        }
    }
}
