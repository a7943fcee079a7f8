package dev.headgate.observe;

import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file that is appended to. What reached a full disk before it failed is known to the byte. */
public final class FileSink implements LogSink {
    private final FileAccess files;
    private final Path path;
    private OpenFile file;

    /** Opens {@code path}, and creates it if need be. */
    public FileSink(FileAccess files, Path path) throws IOException {
        this.files = files;
        this.path = path;
        this.file = files.openAppend(path);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        file.append(bytes);
    }

    @Override
    public void reopen() throws IOException {
        OpenFile old = file;
        file = files.openAppend(path);
        old.close();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
