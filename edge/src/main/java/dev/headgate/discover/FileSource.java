package dev.headgate.discover;

import dev.headgate.config.ConfigProblem;
import dev.headgate.config.EndpointList;
import dev.headgate.config.Environment;
import dev.headgate.config.Unreadable;
import dev.headgate.config.UpstreamConfig.EndpointConfig;
import dev.headgate.config.UpstreamConfig.EndpointFile;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.FileStamp;
import dev.headgate.engine.io.WorkPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that a file lists. It is looked at from time to time, on a thread that may block. Files are often written in steps, and links
 * swapped between: a change counts once two looks in a row have seen the same. One that is of no use changes nothing.
 *
 * <p>Names that a list brings have to be looked up before they are of use. Until all of them have been, or their time is over, those who
 * have left the list stay; likewise while the whole list leads to nothing, unless that is what it says.
 *
 * <p>Belongs to one thread, but for what {@link #look} uses; looks never overlap.
 */
final class FileSource implements EndpointSource {
    private final EndpointFile config;
    private final EndpointList list;
    private final FileAccess files;
    private final WorkPool pool;
    private final Observer observer;
    private final Runnable onLooked;
    private final SourceMaker maker;
    private final AtomicReference<@Nullable Look> arrived = new AtomicReference<>();

    private Map<String, EndpointSource> sources = new LinkedHashMap<>(); // by address
    private List<WantedEndpoint> former = List.of(); // who has left the list, and stays until others are there
    private List<WantedEndpoint> current = List.of();
    private boolean isLooking;
    private long nextLookNs;

    // Of the look under way, or the one before.
    private @Nullable FileStamp lastSeen;
    private @Nullable FileStamp lastRead; // null: it could not be read, which may change though the file does not
    private String lastUnreadable = ""; // why, so that it is told once

    /** Hears what has become of the file; on the owner's thread. */
    interface Observer {
        /** Another list is in use. */
        void onListChanged(String path, int endpoints);

        /** The file is of no use; what was listed before stays. */
        void onListUnusable(String path, String failure);
    }

    /** Makes the source of an endpoint that is listed, or has one that there is follow what the list says of it now. */
    @FunctionalInterface
    interface SourceMaker {
        EndpointSource make(EndpointConfig endpoint, @Nullable EndpointSource known);
    }

    /** What a look has shown. */
    private sealed interface Look {
        record Same() implements Look {}

        record Listed(List<EndpointConfig> endpoints) implements Look {}

        record Unusable(String failure) implements Look {}
    }

    FileSource(
            EndpointFile config,
            EndpointList list,
            FileAccess files,
            WorkPool pool,
            Observer observer,
            Runnable onLooked,
            SourceMaker maker) {
        this.config = config;
        this.list = list;
        this.files = files;
        this.pool = pool;
        this.observer = observer;
        this.onLooked = onLooked;
        this.maker = maker;
    }

    /**
     * Reads the file before there is traffic, on the caller's thread.
     *
     * @return why it is of no use, or null
     */
    @Nullable
    String readFirst(long nowNs) {
        nextLookNs = nowNs + config.watchNs();
        return switch (read()) {
            case Look.Listed listed -> {
                follow(listed.endpoints());
                yield null;
            }
            case Look.Unusable unusable -> unusable.failure();
            case Look.Same _ -> null;
        };
    }

    @Override
    public boolean doWork(long nowNs) {
        boolean isChanged = takeLook();
        if (!isLooking && nextLookNs - nowNs <= 0) {
            nextLookNs = nowNs + config.watchNs();
            isLooking = pool.submit(() -> {
                arrived.set(look());
                onLooked.run();
            });
        }
        for (EndpointSource each : sources.values()) {
            isChanged |= each.doWork(nowNs);
        }
        isChanged |= partWithFormer();
        if (isChanged) {
            current = all();
        }
        return isChanged;
    }

    private boolean takeLook() {
        Look look = arrived.get();
        if (look == null) {
            return false;
        }
        arrived.set(null);
        isLooking = false;
        switch (look) {
            case Look.Listed listed -> {
                follow(listed.endpoints());
                observer.onListChanged(config.path(), listed.endpoints().size());
                return true;
            }
            case Look.Unusable unusable -> observer.onListUnusable(config.path(), unusable.failure());
            case Look.Same _ -> {}
        }
        return false;
    }

    /** Goes over to another list; names that stay in it are not looked up anew. */
    private void follow(List<EndpointConfig> endpoints) {
        Map<String, EndpointSource> now = new LinkedHashMap<>();
        for (EndpointConfig each : endpoints) {
            String address = each.address().configured();
            now.put(address, maker.make(each, sources.get(address)));
        }
        List<WantedEndpoint> gone = new ArrayList<>(former);
        sources.forEach((address, each) -> {
            if (!now.containsKey(address)) {
                gone.addAll(each.current());
            }
        });
        former = List.copyOf(gone);
        sources = now;
        boolean unused = partWithFormer();
        current = all();
    }

    /** Lets those go who have left the list if others are there, or nobody is to be; answers whether there were any. */
    private boolean partWithFormer() {
        if (former.isEmpty() || !isInPlace()) {
            return false;
        }
        former = List.of();
        return true;
    }

    private boolean isInPlace() {
        boolean isAnyoneThere = sources.isEmpty();
        for (EndpointSource each : sources.values()) {
            if (each.isAwaited()) {
                return false;
            }
            isAnyoneThere |= !each.current().isEmpty();
        }
        return isAnyoneThere;
    }

    /** Where two have the same identity, the first one counts: what the list says of it now. */
    private List<WantedEndpoint> all() {
        List<WantedEndpoint> all = new ArrayList<>();
        sources.values().forEach(each -> all.addAll(each.current()));
        all.addAll(former);
        return List.copyOf(all);
    }

    @Override
    public List<WantedEndpoint> current() {
        return current;
    }

    @Override
    public boolean isUnresolved() {
        return sources.values().stream().anyMatch(EndpointSource::isUnresolved);
    }

    @Override
    public boolean isAwaited() {
        return sources.values().stream().anyMatch(EndpointSource::isAwaited);
    }

    @Override
    public int names() {
        return sources.values().stream().mapToInt(EndpointSource::names).sum();
    }

    // ---- on a thread that may block --------------------------------------------------------------------------------

    private Look look() {
        FileStamp seen = stamp();
        boolean isSettled = Objects.equals(seen, lastSeen);
        lastSeen = seen;
        boolean isKnown = seen != null && seen.equals(lastRead);
        return isSettled && !isKnown ? read() : new Look.Same();
    }

    private @Nullable FileStamp stamp() {
        try {
            return files.stamp(Path.of(config.path()));
        } catch (IOException e) {
            return null;
        }
    }

    private Look read() {
        FileStamp before = stamp();
        lastSeen = before;
        try {
            EndpointList.Result read = list.parse(config.path(), text(), Environment.ofProcess());
            lastRead = before;
            lastUnreadable = "";
            return read.endpoints().isPresent()
                    ? new Look.Listed(read.endpoints().get())
                    : new Look.Unusable(oneLine(read.problems()));
        } catch (IOException e) {
            lastRead = null;
            return unreadable("cannot read " + config.path() + ": " + Unreadable.reason(e, config.path()));
        }
    }

    private Look unreadable(String failure) {
        boolean isTold = failure.equals(lastUnreadable);
        lastUnreadable = failure;
        return isTold ? new Look.Same() : new Look.Unusable(failure);
    }

    private String text() throws IOException {
        byte[] bytes = files.readAll(Path.of(config.path()), EndpointList.FILE_BYTES_MAX);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("not a text in UTF-8", e);
        }
    }

    /** The first problem with its place, and how many there are. */
    private static String oneLine(List<ConfigProblem> problems) {
        ConfigProblem first = problems.getFirst();
        String text = first.file() + ":" + first.line() + ":" + first.column() + ": " + first.message();
        String found = first.found().isEmpty() ? "" : ", found " + first.found();
        String more = problems.size() == 1 ? "" : ", and " + (problems.size() - 1) + " more";
        return text + found + more;
    }
}
