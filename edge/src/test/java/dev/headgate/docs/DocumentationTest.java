package dev.headgate.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.exchange.Cause;
import dev.headgate.http.Field;
import dev.headgate.observe.LogEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the documents say of the code, held against the code. */
class DocumentationTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern SOURCE =
            Pattern.compile("<!-- source: (\\S+) -->\\n```java\\n(.*?)```\\n", Pattern.DOTALL);
    private static final Pattern YAML = Pattern.compile("```yaml\\n(version: 1\\n.*?)```", Pattern.DOTALL);
    private static final Pattern CODE =
            Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:[.#]([a-z]\\w*))?(?:\\(\\))?`");

    /** Names of the platform; field names are known by the codec. */
    private static final Set<String> NOT_OURS =
            Set.of("VarHandle", "Unsafe", "String", "ConcurrentLinkedQueue", "ArrayBlockingQueue");

    private static final SourceTree TREE = SourceTree.ofThisCheckout();

    @Test
    void everyRelativeLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : TREE.documents()) {
            Matcher link = LINK.matcher(withoutCode(Files.readString(document)));
            while (link.find()) {
                if (!leadsSomewhere(document, link.group(1))) {
                    broken.add(TREE.nameOf(document) + ": " + link.group(1));
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    private static boolean leadsSomewhere(Path document, String target) throws IOException {
        if (target.contains("://")) {
            return true;
        }
        String file = target.replaceFirst("#.*", "");
        Path path = file.isEmpty() ? document : document.resolveSibling(file).normalize();
        int hash = target.indexOf('#');
        return Files.exists(path) && (hash < 0 || anchorsOf(path).contains(target.substring(hash + 1)));
    }

    private static List<String> anchorsOf(Path document) throws IOException {
        return Files.readAllLines(document).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
                .toList();
    }

    private static String withoutCode(String text) {
        return text.replaceAll("(?s)```.*?```", "").replaceAll("`[^`\\n]*`", "");
    }

    @Test
    void javaExamplesAreWhatIsCompiledAndRun() throws IOException {
        int examples = 0;
        for (Path document : TREE.documents()) {
            Matcher block = SOURCE.matcher(Files.readString(document));
            while (block.find()) {
                assertEquals(TREE.read(block.group(1)), block.group(2), block.group(1));
                examples++;
            }
        }
        assertEquals(3, examples); // two in docs/embedding.md, one in README.md
    }

    @Test
    void yamlExamplesPassTheCheck() throws IOException {
        int examples = 0;
        for (Path document : TREE.documents()) {
            Matcher block = YAML.matcher(Files.readString(document));
            while (block.find()) {
                var result = ConfigLoader.parse(TREE.nameOf(document), block.group(1), Environment.of(Map.of()));
                assertTrue(result.config().isPresent(), result.render());
                examples++;
            }
        }
        assertTrue(examples > 0);
    }

    @Test
    void typesAndMethodsAreCalledWhatTheyAreCalled() throws IOException {
        List<String> unknown = new ArrayList<>();
        for (Path document : TREE.documents()) {
            Matcher code = CODE.matcher(Files.readString(document));
            while (code.find()) {
                if (!isNoTypeOfOurs(code.group(1)) && !TREE.declares(code.group(1), code.group(2))) {
                    unknown.add(TREE.nameOf(document) + ": " + code.group());
                }
            }
        }
        assertEquals(List.of(), unknown);
    }

    private static boolean isNoTypeOfOurs(String name) {
        return NOT_OURS.contains(name) || Field.idOf(name) != Field.UNKNOWN;
    }

    @Test
    void everyCauseAndEventIsExplained() throws IOException {
        String operations = TREE.read("docs/operations.md");
        List<String> missing = new ArrayList<>();
        Arrays.stream(Cause.values())
                .filter(cause -> cause != Cause.NONE)
                .map(Cause::token)
                .forEach(token -> noteMissing(operations, token, missing));
        Arrays.stream(LogEvent.values()).map(LogEvent::token).forEach(token -> noteMissing(operations, token, missing));
        assertEquals(List.of(), missing);
    }

    private static void noteMissing(String document, String token, List<String> missing) {
        if (!document.contains("`" + token + "`")) {
            missing.add(token);
        }
    }
}
