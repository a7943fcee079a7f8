package dev.headgate.resolve;

import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.FileStamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of the system that say what names mean, and reads them again when they have changed. While one cannot be read, what it said last
 * stays; without ever having been there it says nothing.
 *
 * <p>Belongs to one thread, which may wait for disks.
 */
final class NameFiles {
    static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    static final int RESOLV_CONF_BYTES_MAX = 64 << 10;
    static final int HOSTS_BYTES_MAX = 4 << 20;

    /** How often the files are looked at. */
    static final long LOOK_NS = 1_000_000_000L;

    private final FileAccess files;
    private final Observer observer;
    private final Watched<ResolvConf> conf;
    private final Watched<HostsFile> hosts;
    private long lookedNs;

    /** Hears of files that cannot be read, once as long as nothing changes about that; by the thread that reads them. */
    interface Observer {
        void onUnreadable(Path path, String failure);

        /** It could not be read before. */
        void onReadable(Path path);
    }

    /** One file, and what it says. */
    private final class Watched<T> {
        private final @Nullable Path path;
        private final int lengthMaxBytes;
        private final Function<String, T> parser;
        private @Nullable FileStamp stamp; // of what was read last
        private @Nullable String failure; // as it was told, while it cannot be read
        private T content;

        Watched(@Nullable Path path, int lengthMaxBytes, Function<String, T> parser, T otherwise) {
            this.path = path;
            this.lengthMaxBytes = lengthMaxBytes;
            this.parser = parser;
            this.content = otherwise;
        }

        /** Answers whether it has been read anew. */
        boolean read() {
            if (path == null) {
                return false;
            }
            try {
                boolean isRead = readChanged(path);
                if (failure != null) {
                    failure = null;
                    observer.onReadable(path);
                }
                return isRead;
            } catch (IOException e) {
                tell(path, e); // It is being replaced, or is gone, or too long: what it said last is what there is.
                return false;
            }
        }

        private boolean readChanged(Path path) throws IOException {
            FileStamp now = files.stamp(path); // First: what is written while it is read is seen the next time.
            if (now.equals(stamp)) {
                return false;
            }
            content = parser.apply(new String(files.readAll(path, lengthMaxBytes), StandardCharsets.ISO_8859_1));
            stamp = now;
            return true;
        }

        private void tell(Path path, IOException e) {
            String now = switch (e) {
                case NoSuchFileException _ -> "there is no such file";
                case AccessDeniedException _ -> "access is denied"; // Its own text is the path.
                default -> String.valueOf(e.getMessage());
            };
            if (!now.equals(failure)) {
                failure = now;
                observer.onUnreadable(path, now);
            }
        }
    }

    /**
     * @param conf whom to ask, where no file says so
     * @param confPath the file that says so, or null
     * @param hostsPath the file with names of its own, or null
     */
    NameFiles(FileAccess files, Observer observer, ResolvConf conf, @Nullable Path confPath, @Nullable Path hostsPath) {
        this.files = files;
        this.observer = observer;
        this.conf = new Watched<>(confPath, RESOLV_CONF_BYTES_MAX, ResolvConf::parse, conf);
        this.hosts = new Watched<>(hostsPath, HOSTS_BYTES_MAX, HostsFile::parse, HostsFile.NONE);
    }

    /** Reads both for the first time. */
    NameSettings read(long nowNs) {
        lookedNs = nowNs;
        conf.read();
        hosts.read();
        return new NameSettings(conf.content, hosts.content);
    }

    /** What the files say, if they say something else since the last time; looks at them once in {@link #LOOK_NS}. */
    @Nullable
    NameSettings changed(long nowNs) {
        if (nowNs - lookedNs < LOOK_NS) {
            return null;
        }
        lookedNs = nowNs;
        boolean isConfRead = conf.read();
        boolean isHostsRead = hosts.read();
        return isConfRead || isHostsRead ? new NameSettings(conf.content, hosts.content) : null;
    }
}
