package dev.headgate.fuzz.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The quirk lists as a document for people; {@code -Dheadgate.docs=write} writes it anew. */
class QuirkDocumentTest {
    private static final Path FILE = Path.of("..", "docs", "differential.md");

    @Test
    void documentSaysWhatTheListsSay() throws IOException {
        String content = Vector.text("differential.md")
                .replace("@REQUESTS@", table("requests.txt", "request-quirks.txt"))
                .replace("@RESPONSES@", table("responses.txt", "response-quirks.txt"))
                .replace("@REQUEST_VECTORS@", size("requests.txt"))
                .replace("@RESPONSE_VECTORS@", size("responses.txt"));
        if ("write".equals(System.getProperty("headgate.docs"))) {
            Files.writeString(FILE, content);
        }
        assertEquals(content, Files.readString(FILE), "run the tests of fuzz with -Dheadgate.docs=write");
    }

    private static String size(String vectors) {
        return Integer.toString(Vector.of(vectors).size());
    }

    private static String table(String vectors, String quirks) {
        var known = Vector.of(vectors).stream().map(Vector::name).collect(Collectors.toSet());
        var table =
                new StringBuilder("| vectors | program | does | what exactly | who is right, and why ours is safe |\n");
        table.append("| --- | --- | --- | --- | --- |\n");
        for (var quirk : Quirk.of(quirks)) {
            assertTrue(known.containsAll(quirk.vectors()), () -> "no such vector: " + quirk.vectors());
            table.append(row(quirk)).append('\n');
        }
        return table.toString().strip();
    }

    private static String row(Quirk quirk) {
        var cells = List.of(
                quirk.vectors().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", ")),
                String.join(", ", quirk.programs()),
                quirk.relation().words(),
                quirk.what(),
                quirk.reason());
        return cells.stream().map(QuirkDocumentTest::escaped).collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String escaped(String cell) {
        return cell.replace("|", "\\|").replace("*", "\\*");
    }
}
