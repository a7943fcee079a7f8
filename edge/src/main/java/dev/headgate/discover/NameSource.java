package dev.headgate.discover;

import dev.headgate.config.Address;
import dev.headgate.config.UpstreamConfig.DnsConfig;
import dev.headgate.config.UpstreamConfig.EndpointConfig;
import dev.headgate.discover.Names.Answer;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that a name leads to. It is looked up again and again; while a look-up fails or stays silent, the last good answer stays
 * in use.
 * <pre>
 *            asked                          answered
 *  RESTING ─────────▶ AWAITING_ANSWER ─────────────────▶ RESTING
 *                      (late: reported once, and awaited still)
 * </pre>
 * Belongs to one thread; answers come on any.
 */
final class NameSource implements EndpointSource {
    private EndpointConfig config;
    private final Address.Tcp name;
    private final DnsConfig dns;
    private final Names names;
    private final Observer observer;
    private final Runnable onAnswer;
    private final AtomicReference<@Nullable Answer> arrived = new AtomicReference<>();

    private List<InetAddress> lastFound = List.of();
    private List<WantedEndpoint> current = List.of();
    private boolean isAwaiting;
    private boolean isLateReported;
    private boolean wasEverAsked;
    private long askedNs;

    /** Hears of look-ups that brought nothing. */
    @FunctionalInterface
    interface Observer {
        void onLookUpFailed(String host, String reason);
    }

    /** @param onAnswer has the owner call {@link #doWork} soon; on any thread */
    NameSource(
            EndpointConfig config, Address.Tcp name, DnsConfig dns, Names names, Observer observer, Runnable onAnswer) {
        this.config = config;
        this.name = name;
        this.dns = dns;
        this.names = names;
        this.observer = observer;
        this.onAnswer = onAnswer;
    }

    /** The same name, of which something else is said now; it is not looked up anew for that. */
    NameSource configuredAs(EndpointConfig other) {
        config = other;
        if (!lastFound.isEmpty()) {
            current = AddressGroups.of(config, name, dns, lastFound);
        }
        return this;
    }

    @Override
    public int names() {
        return 1;
    }

    @Override
    public boolean doWork(long nowNs) {
        Answer answer = arrived.get();
        boolean isChanged = false;
        if (answer != null) {
            arrived.set(null); // Nobody else puts one there: none is asked for.
            isAwaiting = false;
            isChanged = take(answer);
        }
        if (isAwaiting) {
            checkLate(nowNs);
        } else if (!wasEverAsked || nowNs - askedNs >= dns.refreshNs()) {
            ask(nowNs);
        }
        return isChanged;
    }

    private boolean take(Answer answer) {
        return switch (answer) {
            case Answer.Found found -> {
                List<WantedEndpoint> before = current;
                List<WantedEndpoint> now = AddressGroups.of(config, name, dns, found.addresses());
                if (now.isEmpty()) {
                    observer.onLookUpFailed(name.host(), "no address of this family");
                    yield false;
                }
                lastFound = found.addresses();
                current = now;
                yield !current.equals(before);
            }
            case Answer.Failed failed -> {
                observer.onLookUpFailed(name.host(), failed.reason());
                yield false;
            }
        };
    }

    private void checkLate(long nowNs) {
        if (!isLateReported && nowNs - askedNs >= dns.timeoutNs()) {
            isLateReported = true;
            observer.onLookUpFailed(name.host(), "no answer in time");
        }
    }

    private void ask(long nowNs) {
        isAwaiting = true;
        isLateReported = false;
        wasEverAsked = true;
        askedNs = nowNs;
        names.lookUp(name.host(), answer -> {
            arrived.set(answer);
            onAnswer.run();
        });
    }

    @Override
    public List<WantedEndpoint> current() {
        return current;
    }

    @Override
    public boolean isUnresolved() {
        return current.isEmpty();
    }

    @Override
    public boolean isAwaited() {
        return current.isEmpty() && (!wasEverAsked || isAwaiting && !isLateReported);
    }
}
