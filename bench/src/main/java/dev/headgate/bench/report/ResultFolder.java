package dev.headgate.bench.report;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The folder for results. Whoever reads a file in it finds the one before or the one after, never a part. */
public final class ResultFolder {
    private static final String PART = ".part";

    private final Path folder;

    private ResultFolder(Path folder) {
        this.folder = folder;
    }

    /** The folder cannot be written to; the message says why, for people. */
    public static final class NotWritable extends IOException {
        private static final long serialVersionUID = 1;

        NotWritable(Path path, IOException cause) {
            super("cannot write to " + path + ": " + reason(path, cause), cause);
        }

        private static String reason(Path path, IOException cause) {
            String message = String.valueOf(cause.getMessage());
            String kind = cause.getClass().getSimpleName();
            // Exceptions of files have the file as their whole message, and the reason as their name.
            return message.contains(path.toString()) && !message.contains(" ") ? kind + " " + message : message;
        }
    }

    /**
     * The folder at {@code path}, made if it is not there, and tried out.
     *
     * @throws NotWritable when files cannot be written and moved in it
     */
    public static ResultFolder open(Path path) throws NotWritable {
        ResultFolder results = new ResultFolder(path);
        try {
            Files.createDirectories(path);
            results.tryOut();
            return results;
        } catch (IOException e) {
            throw new NotWritable(path, e);
        }
    }

    private void tryOut() throws IOException {
        for (String name : Report.FILES) {
            if (Files.isDirectory(folder.resolve(name))) throw new IOException(name + " is a folder");
        }
        Path file = folder.resolve(".headgate-bench" + PART);
        Files.writeString(file, "");
        Files.delete(file);
    }

    /**
     * Writes a file, or replaces it.
     *
     * @throws NotWritable when it cannot; the file is then as it was
     */
    void write(String name, String text) throws NotWritable {
        Path part = folder.resolve("." + name + PART);
        try {
            Files.writeString(part, text);
            replace(part, folder.resolve(name));
        } catch (IOException e) {
            discard(part);
            throw new NotWritable(folder.resolve(name), e);
        }
    }

    private static void replace(Path part, Path file) throws IOException {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            // A file system that cannot: next best, the time without a file is short.
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void discard(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // What cannot be written can mostly not be deleted; the next run writes over it.
        }
    }
}
