package dev.headgate.discover;

import dev.headgate.config.UpstreamConfig.DnsConfig.Family;
import dev.headgate.discover.Names.Answer.Failed;
import dev.headgate.discover.Names.Answer.Found;
import dev.headgate.observe.DnsFailure;
import dev.headgate.resolve.AddressAnswer;
import dev.headgate.resolve.LookUpFailure;
import dev.headgate.resolve.LookUpListener;
import dev.headgate.resolve.NameService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Names by a service that is opened when the first one is looked up: most configurations have none. */
public final class ServiceNames implements Names {
    /** When to try again what could not even be begun. */
    private static final long REFUSED_RETRY_NS = 1_000_000_000L;

    private final Supplier<NameService> opening;
    private final int addressesMax;
    private volatile @Nullable NameService
            service; // opened before there are other threads than the one that starts the proxy, or by the agent

    /** @param addressesMax most addresses of one name */
    public ServiceNames(Supplier<NameService> opening, int addressesMax) {
        this.opening = opening;
        this.addressesMax = addressesMax;
    }

    @Override
    public void lookUp(String host, Family wanted, Asker asker) {
        NameService asked = service;
        if (asked == null) {
            asked = opening.get();
            service = asked;
        }
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

    @Override
    public void refresh(long nowNs) {
        NameService asked = service;
        if (asked != null) {
            asked.refresh(nowNs);
        }
    }

    @Override
    public void close() {
        NameService asked = service;
        if (asked != null) {
            asked.close();
        }
    }
}
