package dev.headgate.secure;

import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.FileRights;
import dev.headgate.engine.io.FileStamp;
import dev.headgate.engine.io.OpenFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The file system, but for what a test would have otherwise. */
public abstract class OtherFiles implements FileAccess {
    private final FileAccess real = EngineOptions.DEFAULTS.io().files();

    @Override
    public boolean exists(Path path) {
        return real.exists(path);
    }

    @Override
    public byte[] readAll(Path path, int lengthMaxBytes) throws IOException {
        return real.readAll(path, lengthMaxBytes);
    }

    @Override
    public FileStamp stamp(Path path) throws IOException {
        return real.stamp(path);
    }

    @Override
    public Optional<FileRights> rights(Path path) throws IOException {
        return real.rights(path);
    }

    @Override
    public void writePrivate(Path path, byte[] content) throws IOException {
        real.writePrivate(path, content);
    }

    @Override
    public void writeReadable(Path path, byte[] content) throws IOException {
        real.writeReadable(path, content);
    }

    @Override
    public OpenFile openRead(Path path) throws IOException {
        return real.openRead(path);
    }

    @Override
    public OpenFile openAppend(Path path) throws IOException {
        return real.openAppend(path);
    }

    @Override
    public OpenFile openTemporary(Path folder, String prefix) throws IOException {
        return real.openTemporary(folder, prefix);
    }

    @Override
    public int removeTemporaries(Path folder, String prefix) throws IOException {
        return real.removeTemporaries(folder, prefix);
    }
}
