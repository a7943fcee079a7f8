package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.FileStamp;
import dev.headgate.engine.io.OpenFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/** The default file system. */
final class NioFileAccess implements FileAccess {
    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public byte[] readAll(Path path, int lengthMaxBytes) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(lengthMaxBytes);
            if (in.read() >= 0) {
                throw new IOException("file too long: path=" + path + ", limit=" + lengthMaxBytes + " bytes");
            }
            return bytes;
        }
    }

    @Override
    public FileStamp stamp(Path path) throws IOException {
        BasicFileAttributes seen = Files.readAttributes(path, BasicFileAttributes.class);
        return new FileStamp(
                seen.lastModifiedTime().to(TimeUnit.NANOSECONDS), seen.size(), String.valueOf(seen.fileKey()));
    }

    @Override
    public OpenFile openRead(Path path) throws IOException {
        return new NioOpenFile(FileChannel.open(path, StandardOpenOption.READ));
    }

    @Override
    public OpenFile openAppend(Path path) throws IOException {
        return new NioOpenFile(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }
}
