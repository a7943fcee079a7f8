package dev.headgate.testkit.sim;

import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.FileRights;
import dev.headgate.engine.io.FileStamp;
import dev.headgate.engine.io.OpenFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Files in memory, on a disk that may fail. */
public final class SimFiles implements FileAccess {
    private final SimIo io;
    private final SimChance chance;
    private final Map<String, ByteArrayOutputStream> files = new TreeMap<>();
    private final Map<String, Integer> writes = new TreeMap<>(); // of whole files
    private int openTemporaries;

    SimFiles(SimIo io) {
        this.io = io;
        this.chance = io.simulator().chance().fork();
    }

    /** What {@code path} holds now. */
    public byte[] content(String path) {
        ByteArrayOutputStream file = files.get(path);
        return file == null ? new byte[0] : file.toByteArray();
    }

    @Override
    public boolean exists(Path path) {
        return files.containsKey(path.toString());
    }

    @Override
    public byte[] readAll(Path path, int lengthMaxBytes) throws IOException {
        byte[] content = existing(path).toByteArray();
        if (content.length > lengthMaxBytes) {
            throw new IOException("file too long: path=" + path + ", limit=" + lengthMaxBytes + " bytes");
        }
        return content;
    }

    /** Files grow, or are written as a whole. */
    @Override
    public FileStamp stamp(Path path) throws IOException {
        int times = writes.getOrDefault(path.toString(), 0);
        return new FileStamp(times, existing(path).size(), path.toString());
    }

    /** Nobody else is here. */
    @Override
    public Optional<FileRights> rights(Path path) {
        return Optional.empty();
    }

    @Override
    public void writePrivate(Path path, byte[] content) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(content);
        files.put(path.toString(), file);
        writes.merge(path.toString(), 1, Integer::sum);
    }

    @Override
    public void writeReadable(Path path, byte[] content) {
        writePrivate(path, content);
    }

    @Override
    public OpenFile openRead(Path path) throws IOException {
        return new MemoryFile(existing(path));
    }

    @Override
    public OpenFile openAppend(Path path) {
        return new MemoryFile(files.computeIfAbsent(path.toString(), _ -> new ByteArrayOutputStream()));
    }

    /** Has no name. */
    @Override
    public OpenFile openTemporary(Path folder, String prefix) {
        openTemporaries++;
        return new MemoryFile(new ByteArrayOutputStream()) {
            private boolean isClosed;

            @Override
            public void close() {
                if (!isClosed) {
                    isClosed = true;
                    openTemporaries--;
                }
            }
        };
    }

    @Override
    public int removeTemporaries(Path folder, String prefix) {
        return 0;
    }

    /** Temporary files that are open. */
    public int openTemporaries() {
        return openTemporaries;
    }

    private ByteArrayOutputStream existing(Path path) throws NoSuchFileException {
        ByteArrayOutputStream file = files.get(path.toString());
        if (file == null) {
            throw new NoSuchFileException(path.toString());
        }
        return file;
    }

    private class MemoryFile implements OpenFile {
        private final ByteArrayOutputStream bytes;

        MemoryFile(ByteArrayOutputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public long lengthBytes() {
            return bytes.size();
        }

        @Override
        public int read(ByteBuffer target, long offsetBytes) {
            byte[] content = bytes.toByteArray();
            int count = (int) Math.min(content.length - offsetBytes, target.remaining());
            if (count <= 0) {
                return -1;
            }
            target.put(content, (int) offsetBytes, count);
            return count;
        }

        @Override
        public void append(ByteBuffer source) throws IOException {
            // A full disk takes some bytes before it refuses the rest.
            boolean fails = source.hasRemaining() && chance.oneIn(io.faults().diskFailsOneIn());
            byte[] taken = new byte[fails ? chance.nextInt(source.remaining()) : source.remaining()];
            source.get(taken);
            bytes.writeBytes(taken);
            if (fails) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void close() {}
    }
}
