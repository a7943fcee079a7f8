package dev.headgate.discover;

import dev.headgate.config.Address;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.UpstreamConfig.EndpointConfig;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that the endpoints of one upstream come from, in the order of the configuration. Used by one thread. */
public final class UpstreamSources {
    private final List<EndpointSource> sources = new ArrayList<>();
    private final long timeoutNs;
    private int nameCount;

    /** Hears of look-ups that brought nothing. */
    @FunctionalInterface
    public interface Observer {
        void onLookUpFailed(String upstream, String host, String reason);
    }

    /** @param wake has the owner call {@link #doWork} soon; called on any thread */
    public UpstreamSources(UpstreamConfig config, Names names, Observer observer, Runnable wake) {
        timeoutNs = config.dns().timeoutNs();
        for (EndpointConfig endpoint : config.endpoints()) {
            sources.add(source(config, endpoint, names, observer, wake));
        }
    }

    private EndpointSource source(
            UpstreamConfig config, EndpointConfig endpoint, Names names, Observer observer, Runnable wake) {
        SocketAddress known = endpoint.address().knownAddress();
        if (known != null) {
            return new FixedEndpoint(endpoint, known);
        }
        nameCount++;
        Address.Tcp name = (Address.Tcp) endpoint.address();
        return new NameSource(
                endpoint,
                name,
                config.dns(),
                names,
                (host, reason) -> observer.onLookUpFailed(config.name(), host, reason),
                wake);
    }

    /** How many names there are to look up. */
    public int names() {
        return nameCount;
    }

    /** The longest time for one look-up; 0 where there are no names. */
    public long timeoutNs() {
        return nameCount == 0 ? 0 : timeoutNs;
    }

    /**
     * Does what is due, and takes in what has been found out since.
     *
     * @return whether {@link #wanted} is another than before
     */
    public boolean doWork(long nowNs) {
        boolean isChanged = false;
        for (int i = 0; i < sources.size(); i++) { // An iterator would be garbage at each turn.
            isChanged |= sources.get(i).doWork(nowNs);
        }
        return isChanged;
    }

    /** The endpoints that there are to be; where two have the same identity, the first one. */
    public List<WantedEndpoint> wanted() {
        Map<String, WantedEndpoint> wanted = new LinkedHashMap<>();
        for (EndpointSource source : sources) {
            for (WantedEndpoint each : source.current()) {
                wanted.putIfAbsent(each.identity(), each);
            }
        }
        return List.copyOf(wanted.values());
    }

    /** Whether a name has led to nothing so far. */
    public boolean isAnyUnresolved() {
        return sources.stream().anyMatch(EndpointSource::isUnresolved);
    }
}
