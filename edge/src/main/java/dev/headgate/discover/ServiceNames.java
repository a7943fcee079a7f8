package dev.headgate.discover;

import dev.headgate.config.UpstreamConfig.DnsConfig.Family;
import dev.headgate.discover.Names.Answer.Failed;
import dev.headgate.discover.Names.Answer.Found;
import dev.headgate.observe.DnsFailure;
import dev.headgate.resolve.AddressAnswer;
import dev.headgate.resolve.LookUpFailure;
import dev.headgate.resolve.LookUpListener;
import dev.headgate.resolve.NameService;
import dev.headgate.resolve.ServiceAnswer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Names by a service that is opened when the first one is looked up: most configurations have none. */
public final class ServiceNames implements Names {
    /** When to try again what could not even be begun. */
    private static final long REFUSED_RETRY_NS = 1_000_000_000L;

    /** Takes nothing, and has nothing to close. */
    private static final NameService CLOSED = new NameService() {
        @Override
        public boolean addresses(String host, Family wanted, LookUpListener<AddressAnswer> listener) {
            return false;
        }

        @Override
        public boolean services(String name, Family wanted, LookUpListener<ServiceAnswer> listener) {
            return false;
        }

        @Override
        public void refresh(long nowNs) {}

        @Override
        public void close() {}
    };

    private final Supplier<NameService> opening;
    private final int addressesMax;

    /** Opened before there are other threads than the one that starts the proxy, or by the agent; in the end {@link #CLOSED}, by any thread. */
    private final AtomicReference<@Nullable NameService> service = new AtomicReference<>();

    /** @param addressesMax most addresses of one name */
    public ServiceNames(Supplier<NameService> opening, int addressesMax) {
        this.opening = opening;
        this.addressesMax = addressesMax;
    }

    @Override
    public void lookUp(String host, Family wanted, Asker asker) {
        NameService asked = opened();
        boolean isTaken = asked.addresses(host, wanted, new LookUpListener<>() {
            @Override
            public void onAnswer(AddressAnswer answer) {
                asker.onAnswer(new Found(answer, addressesMax));
            }

            @Override
            public void onFailed(LookUpFailure failure) {
                asker.onAnswer(new Failed(failure.kind().text(), failure.retryNs()));
            }
        });
        if (!isTaken) {
            asker.onAnswer(new Failed(DnsFailure.OVERLOADED.text(), REFUSED_RETRY_NS));
        }
    }

    private NameService opened() {
        NameService known = service.get();
        if (known != null) {
            return known;
        }
        NameService opened = opening.get();
        if (service.compareAndSet(null, opened)) {
            return opened;
        }
        opened.close(); // The end has come meanwhile, and nobody else knows of it.
        return CLOSED;
    }

    @Override
    public void refresh(long nowNs) {
        NameService asked = service.get();
        if (asked != null) {
            asked.refresh(nowNs);
        }
    }

    @Override
    public void close() {
        NameService asked = service.getAndSet(CLOSED);
        if (asked != null) {
            asked.close();
        }
    }
}
