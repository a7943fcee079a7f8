package dev.headgate.engine.io;

import dev.headgate.engine.AnyThread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Files; every call may block, so none is made on a loop. */
@AnyThread
public interface FileAccess {
    boolean exists(Path path);

    /**
     * Reads a whole file.
     *
     * @throws IOException also when it is longer than {@code lengthMaxBytes}
     */
    byte[] readAll(Path path, int lengthMaxBytes) throws IOException;

    /**
     * Looks at a file, following links, without reading it.
     *
     * @throws IOException also when it is not there
     */
    FileStamp stamp(Path path) throws IOException;

    /**
     * Looks at who may use a file or a folder, following links; empty where the file system does not know.
     *
     * @throws IOException also when it is not there
     */
    Optional<FileRights> rights(Path path) throws IOException;

    /**
     * Puts {@code content} into a file that nobody but its owner can read, in place of what was there: whoever reads it sees the one or the
     * other, whole. Folders that are missing are made, and are the owner's alone as well.
     */
    void writePrivate(Path path, byte[] content) throws IOException;

    /** Does as {@link #writePrivate}, with a file that everybody can read who gets at its folder. */
    void writeReadable(Path path, byte[] content) throws IOException;

    OpenFile openRead(Path path) throws IOException;

    /** Opens for appending, creating the file if need be. */
    OpenFile openAppend(Path path) throws IOException;

    /**
     * Makes a file that nobody but its owner can open, for appending and reading. It is gone when it is closed or the process ends, and where
     * the system lets it be, its name is gone at once.
     *
     * @param folder where it takes its room, and has a name of its own that begins with {@code prefix}; it has to be there
     */
    OpenFile openTemporary(Path folder, String prefix) throws IOException;

    /**
     * Removes what {@link #openTemporary} has left in a folder when its process ended by a crash, on a system that keeps the names of open
     * files. What others have open there keeps its content.
     *
     * @return how many files are gone
     */
    int removeTemporaries(Path folder, String prefix) throws IOException;
}
