package dev.headgate.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why a file could not be read, in words: the JDK's say nothing but its path. */
public final class Unreadable {
    private Unreadable() {}

    /** The reason, without the path. */
    public static String reason(IOException failure, String path) {
        return switch (failure) {
            case NoSuchFileException missing -> "there is no such file";
            case AccessDeniedException denied -> "permission denied";
            default -> Files.isDirectory(Path.of(path)) ? "it is a directory" : String.valueOf(failure.getMessage());
        };
    }
}
