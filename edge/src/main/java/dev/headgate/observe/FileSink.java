package dev.headgate.observe;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file that is appended to, or one of the process's standard streams. A channel, because its short writes say how much of a
 * block reached a full disk, so that the rest can follow later without a broken line.
 */
public final class FileSink implements LogSink {
    private final @Nullable Path path; // null: a standard stream, which is neither reopened nor closed
    private FileChannel channel;

    private FileSink(@Nullable Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Opens {@code path} for appending, and creates it if need be. */
    public static FileSink file(Path path) throws IOException {
        return new FileSink(path, open(path));
    }

    public static FileSink standardOutput() {
        return stream(FileDescriptor.out);
    }

    public static FileSink standardError() {
        return stream(FileDescriptor.err);
    }

    @SuppressWarnings("resource") // lives as long as the process
    private static FileSink stream(FileDescriptor descriptor) {
        return new FileSink(null, new FileOutputStream(descriptor).getChannel());
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        channel.write(bytes);
    }

    @Override
    public void reopen() throws IOException {
        if (path != null) {
            FileChannel old = channel;
            channel = open(path);
            old.close();
        }
    }

    @Override
    public void close() throws IOException {
        if (path != null) {
            channel.close();
        }
    }
}
