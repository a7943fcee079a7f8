package dev.headgate.testkit.memory;

import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.FileRights;
import dev.headgate.engine.io.FileStamp;
import dev.headgate.engine.io.OpenFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Files that take what is appended and keep only its length, and those that were put here to be read. */
final class MemoryFiles implements FileAccess {
    private final Map<Path, byte[]> readable = new HashMap<>();

    void put(Path path, byte[] content) {
        readable.put(path, content);
    }

    @Override
    public boolean exists(Path path) {
        return readable.containsKey(path);
    }

    @Override
    public byte[] readAll(Path path, int lengthMaxBytes) throws IOException {
        byte[] content = found(path);
        if (content.length > lengthMaxBytes) throw new IOException("too long: " + path);
        return content.clone();
    }

    private byte[] found(Path path) throws FileNotFoundException {
        byte[] content = readable.get(path);
        if (content == null) throw new FileNotFoundException(path.toString());
        return content;
    }

    @Override
    public FileStamp stamp(Path path) throws IOException {
        return new FileStamp(0, found(path).length, path.toString());
    }

    /** Nobody else is here. */
    @Override
    public Optional<FileRights> rights(Path path) {
        return Optional.empty();
    }

    @Override
    public void writePrivate(Path path, byte[] content) throws IOException {
        throw new FileNotFoundException(path.toString());
    }

    @Override
    public void writeReadable(Path path, byte[] content) throws IOException {
        throw new FileNotFoundException(path.toString());
    }

    @Override
    public OpenFile openRead(Path path) throws IOException {
        throw new FileNotFoundException(path.toString());
    }

    @Override
    public OpenFile openAppend(Path path) {
        return new Drain();
    }

    @Override
    public OpenFile openTemporary(Path folder, String prefix) throws IOException {
        throw new FileNotFoundException(folder.toString());
    }

    @Override
    public int removeTemporaries(Path folder, String prefix) {
        return 0;
    }

    private static final class Drain implements OpenFile {
        private long lengthBytes;

        @Override
        public long lengthBytes() {
            return lengthBytes;
        }

        @Override
        public int read(ByteBuffer target, long offsetBytes) {
            return -1;
        }

        @Override
        public void append(ByteBuffer source) {
            lengthBytes += source.remaining();
            source.position(source.limit());
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
