package dev.headgate.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a configuration may ask for: substitutions, and whether there is what it names. */
public interface Environment {
    /** Most bytes of a file that stands for a value. */
    int FILE_BYTES_MAX = 1 << 20;

    /** The environment variable {@code name}, or null. */
    @Nullable
    String variable(String name);

    /** The text of a file, in UTF-8. */
    String readFile(String path) throws IOException;

    /** The providers of TLS that a configuration can name; null where it is not known yet which there will be. */
    default @Nullable List<String> tlsProviders() {
        return null;
    }

    /** The environment of this process. */
    static Environment ofProcess() {
        return new Environment() {
            @Override
            public @Nullable String variable(String name) {
                return System.getenv(name);
            }

            @Override
            public String readFile(String path) throws IOException {
                return readSmallFile(Path.of(path));
            }
        };
    }

    /** These variables, and no file. */
    static Environment of(Map<String, String> variables) {
        return new Environment() {
            @Override
            public @Nullable String variable(String name) {
                return variables.get(name);
            }

            @Override
            public String readFile(String path) throws IOException {
                throw new IOException("no file in this environment: " + path);
            }
        };
    }

    private static String readSmallFile(Path path) throws IOException {
        try (var in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
            if (bytes.length > FILE_BYTES_MAX)
                throw new IOException("larger than " + FILE_BYTES_MAX + " bytes: " + path);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
