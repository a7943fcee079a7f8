package dev.headgate.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The checkout that the tests run in: its Markdown documents and its Java sources by type name.
 *
 * @param root the folder that holds {@code mvnw}
 * @param sources the text of all sources that declare a top-level type of that name
 */
record SourceTree(Path root, Map<String, String> sources) {
    static SourceTree ofThisCheckout() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("mvnw"))) {
            root = root.getParent();
        }
        return new SourceTree(root, readSources(root));
    }

    private static Map<String, String> readSources(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/"))
                    .collect(Collectors.toMap(SourceTree::typeOf, SourceTree::textOf, String::concat));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String typeOf(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static String textOf(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All Markdown documents of the project. */
    List<Path> documents() throws IOException {
        try (Stream<Path> top = Files.list(root);
                Stream<Path> below = Files.walk(root.resolve("docs"))) {
            return Stream.concat(top, below)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    String nameOf(Path file) {
        return root.relativize(file).toString();
    }

    String read(String name) throws IOException {
        return Files.readString(root.resolve(name));
    }

    /** Whether there is a type of that name, with that method or field when one is given. */
    boolean declares(String type, @Nullable String member) {
        String text = sources.get(type);
        return text != null
                && (member == null || text.contains(" " + member + "(") || text.contains(" " + member + ";"));
    }
}
