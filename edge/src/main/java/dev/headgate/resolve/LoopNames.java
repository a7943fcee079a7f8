package dev.headgate.resolve;

import dev.headgate.config.UpstreamConfig.DnsConfig.Family;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.io.Chance;
import dev.headgate.observe.DnsFailure;
import dev.headgate.observe.DnsMetrics;
import java.util.concurrent.atomic.AtomicInteger;

/** The client of our own, on a loop; results come on its thread. */
@AnyThread
final class LoopNames implements NameService {
    private final EventLoop loop;
    private final Resolver resolver; // the loop's
    private final NameFiles files; // of whoever calls refresh
    private final DnsMetrics metrics;
    private final AtomicInteger freePlaces;
    private volatile boolean isClosed;

    LoopNames(
            EventLoop loop,
            Chance secretChance,
            ResolverOptions options,
            DnsMetrics metrics,
            NameFiles files,
            long nowNs) {
        this.loop = loop;
        this.files = files;
        this.resolver = new Resolver(loop, secretChance, options, metrics, files.read(nowNs));
        this.metrics = metrics;
        this.freePlaces = new AtomicInteger(options.lookUpsMax());
    }

    @Override
    public void refresh(long nowNs) {
        NameSettings changed = files.changed(nowNs);
        if (changed != null) {
            loop.complete(() -> resolver.use(changed)); // Once a second at most, and not to be lost.
        }
    }

    @Override
    public boolean addresses(String host, Family wanted, LookUpListener<AddressAnswer> listener) {
        return counted(take() && begin(() -> resolver.addresses(host, wanted, freeing(listener))));
    }

    @Override
    public boolean services(String name, Family wanted, LookUpListener<ServiceAnswer> listener) {
        return counted(take() && begin(() -> resolver.services(name, wanted, freeing(listener))));
    }

    private boolean counted(boolean isTaken) {
        if (!isTaken && !isClosed) {
            metrics.onFailure(DnsFailure.OVERLOADED);
        }
        return isTaken;
    }

    private boolean take() {
        return !isClosed && freePlaces.getAndUpdate(free -> Math.max(0, free - 1)) > 0;
    }

    private boolean begin(Runnable lookUp) {
        boolean isTaken = loop.execute(lookUp);
        if (!isTaken) {
            freePlaces.incrementAndGet();
        }
        return isTaken;
    }

    private <A> LookUpListener<A> freeing(LookUpListener<A> listener) {
        return new LookUpListener<>() {
            @Override
            public void onAnswer(A answer) {
                freePlaces.incrementAndGet();
                listener.onAnswer(answer);
            }

            @Override
            public void onFailed(LookUpFailure failure) {
                freePlaces.incrementAndGet();
                listener.onFailed(failure);
            }
        };
    }

    @Override
    public void close() {
        isClosed = true;
        loop.execute(resolver::close);
    }
}
