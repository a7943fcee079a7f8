package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.FileRights;
import dev.headgate.engine.io.FileStamp;
import dev.headgate.engine.io.OpenFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The default file system. */
final class NioFileAccess implements FileAccess {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_AND_READERS = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> OWNER_IN_FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final String TEMPORARY_SUFFIX = ".tmp";
    private static final int UUID_LENGTH = 36;
    private static final Set<StandardOpenOption> TEMPORARY = Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);

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
    public Optional<FileRights> rights(Path path) throws IOException {
        if (!isPosix(path)) {
            return Optional.empty();
        }
        PosixFileAttributes seen = Files.readAttributes(path, PosixFileAttributes.class);
        boolean isTrusted = ProcessOwner.isOrRoot(seen.owner(), path.getFileSystem());
        return Optional.of(new FileRights(seen.owner().getName(), isTrusted, seen.permissions()));
    }

    @Override
    public void writePrivate(Path path, byte[] content) throws IOException {
        write(path, content, OWNER);
    }

    @Override
    public void writeReadable(Path path, byte[] content) throws IOException {
        write(path, content, OWNER_AND_READERS);
    }

    private static void write(Path path, byte[] content, Set<PosixFilePermission> permissions) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("no file: " + path);
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, attributes(path, OWNER_IN_FOLDER));
        }
        Path draft = Files.createTempFile(folder, ".", ".draft", attributes(path, OWNER));
        try {
            if (isPosix(path)) {
                Files.setPosixFilePermissions(draft, permissions); // whatever the umask
            }
            try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
                out.force(true);
            }
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    @Override
    public OpenFile openRead(Path path) throws IOException {
        return new NioOpenFile(FileChannel.open(path, StandardOpenOption.READ));
    }

    @Override
    public OpenFile openAppend(Path path) throws IOException {
        return new NioOpenFile(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    // A name that is taken is refused, and is not followed where it is a link. POSIX systems unlink the file as soon as
    // it is open, for that is what DELETE_ON_CLOSE does there; Windows deletes it with its last handle, whatever ends
    // the process.
    @Override
    public OpenFile openTemporary(Path folder, String prefix) throws IOException {
        String name = prefix + UUID.randomUUID() + TEMPORARY_SUFFIX;
        return new NioOpenFile(FileChannel.open(folder.resolve(name), TEMPORARY, attributes(folder, OWNER)));
    }

    @Override
    public int removeTemporaries(Path folder, String prefix) throws IOException {
        int removed = 0;
        try (DirectoryStream<Path> left = Files.newDirectoryStream(
                folder, path -> isTemporary(path.getFileName().toString(), prefix))) {
            for (Path each : left) {
                removed += Files.deleteIfExists(each) ? 1 : 0;
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return removed;
    }

    private static boolean isTemporary(String name, String prefix) {
        return name.startsWith(prefix)
                && name.endsWith(TEMPORARY_SUFFIX)
                && name.length() == prefix.length() + UUID_LENGTH + TEMPORARY_SUFFIX.length();
    }
}
