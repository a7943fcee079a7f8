package dev.headgate.discover;

import dev.headgate.config.Address;
import dev.headgate.config.EndpointList;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.UpstreamConfig.EndpointConfig;
import dev.headgate.config.UpstreamConfig.EndpointFile;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.WorkPool;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that the endpoints of one upstream come from: first those of the configuration in its order, then files. Used by one thread. */
public final class UpstreamSources {
    private final UpstreamConfig config;
    private final Surroundings surroundings;
    private final Observer observer;
    private final Runnable wake;
    private final List<EndpointSource> sources = new ArrayList<>();
    private final List<FileSource> files = new ArrayList<>();
    private final Map<String, String> unusable = new LinkedHashMap<>(); // why, by path
    private boolean isUnusableChanged;

    /** Hears what sources find; on the thread that uses them. */
    public interface Observer {
        /** A look-up brought nothing. */
        void onLookUpFailed(String upstream, String host, String reason);

        /** Another list of a file is in use. */
        void onListChanged(String upstream, String path, int endpoints);

        /** A file is of no use; what was listed before stays. */
        void onListUnusable(String upstream, String path, String failure);
    }

    /**
     * Where sources look.
     *
     * @param names looks names up
     * @param files where lists are
     * @param pool reads them
     */
    public record Surroundings(Names names, FileAccess files, WorkPool pool) {}

    /** @param wake has the owner call {@link #doWork} soon; called on any thread */
    public UpstreamSources(UpstreamConfig config, Surroundings surroundings, Observer observer, Runnable wake) {
        this.config = config;
        this.surroundings = surroundings;
        this.observer = observer;
        this.wake = wake;
        for (EndpointConfig endpoint : config.endpoints()) {
            sources.add(source(endpoint, null));
        }
        for (EndpointFile file : config.files()) {
            files.add(fileSource(file));
        }
        sources.addAll(files);
    }

    private EndpointSource source(EndpointConfig endpoint, @Nullable EndpointSource known) {
        SocketAddress address = endpoint.address().knownAddress();
        if (address != null) {
            return new FixedEndpoint(endpoint, address);
        }
        return known instanceof NameSource name ? name.configuredAs(endpoint) : nameSource(endpoint);
    }

    private NameSource nameSource(EndpointConfig endpoint) {
        return new NameSource(
                endpoint,
                (Address.Tcp) endpoint.address(),
                config.dns(),
                surroundings.names(),
                (host, reason) -> observer.onLookUpFailed(config.name(), host, reason),
                wake);
    }

    private FileSource fileSource(EndpointFile file) {
        FileSource.Observer ofFile = new FileSource.Observer() {
            @Override
            public void onListChanged(String path, int endpoints) {
                isUnusableChanged |= unusable.remove(path) != null;
                observer.onListChanged(config.name(), path, endpoints);
            }

            @Override
            public void onListUnusable(String path, String failure) {
                isUnusableChanged |= !failure.equals(unusable.put(path, failure));
                observer.onListUnusable(config.name(), path, failure);
            }
        };
        return new FileSource(
                file, EndpointList.of(config), surroundings.files(), surroundings.pool(), ofFile, wake, this::source);
    }

    /**
     * Reads files before there is traffic; blocks.
     *
     * @return why one is of no use, or null
     */
    public @Nullable String readFiles(long nowNs) {
        for (FileSource file : files) {
            String failure = file.readFirst(nowNs);
            if (failure != null) {
                return failure;
            }
        }
        return null;
    }

    /** How many names there are to look up. */
    public int names() {
        return sources.stream().mapToInt(EndpointSource::names).sum();
    }

    /** The longest time for one look-up; 0 where there are no names. */
    public long timeoutNs() {
        return names() == 0 ? 0 : config.dns().timeoutNs();
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

    /** Files that are of no use as they are now, by path, and why: what they listed before is in use. */
    public Map<String, String> unusable() {
        return Map.copyOf(unusable);
    }

    /** Whether {@link #unusable} is another than when this was last asked. */
    public boolean takeUnusableChanged() {
        boolean was = isUnusableChanged;
        isUnusableChanged = false;
        return was;
    }

    /** Whether a name has led to nothing so far. */
    public boolean isAnyUnresolved() {
        return sources.stream().anyMatch(EndpointSource::isUnresolved);
    }
}
