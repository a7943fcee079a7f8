package dev.headgate.testkit.memory;

import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.FileStamp;
import dev.headgate.engine.io.OpenFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Files that take what is appended and keep only its length; none can be read. */
final class MemoryFiles implements FileAccess {
    @Override
    public boolean exists(Path path) {
        return false;
    }

    @Override
    public byte[] readAll(Path path, int lengthMaxBytes) throws IOException {
        throw new FileNotFoundException(path.toString());
    }

    @Override
    public FileStamp stamp(Path path) throws IOException {
        throw new FileNotFoundException(path.toString());
    }

    @Override
    public void writePrivate(Path path, byte[] content) throws IOException {
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
