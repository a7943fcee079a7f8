package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares a file under {@code docs} with what generates it; {@code -Dheadgate.docs=write} writes it anew. */
final class GeneratedDocument {
    private static final Path FOLDER = Path.of("..", "docs");

    private GeneratedDocument() {}

    static void check(String name, String content) throws IOException {
        Path file = FOLDER.resolve(name);
        if ("write".equals(System.getProperty("headgate.docs"))) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, content);
        }
        assertEquals(content, Files.readString(file), "run the tests of edge with -Dheadgate.docs=write");
    }
}
