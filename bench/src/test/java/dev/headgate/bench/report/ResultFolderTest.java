package dev.headgate.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.report.ResultFolder.NotWritable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFolderTest {
    @TempDir
    Path temporary;

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void isMadeWithAllAboveItAndLeftEmpty() throws Exception {
        Path path = temporary.resolve("a/b");
        ResultFolder.open(path);
        assertEquals(List.of(), names(path));
    }

    @Test
    void whoHasAFileOpenKeepsTheOneBeforeWhole() throws Exception {
        ResultFolder folder = ResultFolder.open(temporary);
        folder.write("results.json", "one");
        // A second name of the same file sees what a reader sees who has opened it.
        Path open = Files.createLink(temporary.resolve("open"), temporary.resolve("results.json"));
        folder.write("results.json", "two");
        assertEquals("one", Files.readString(open));
        assertEquals("two", Files.readString(temporary.resolve("results.json")));
        assertEquals(List.of("open", "results.json"), names(temporary));
    }

    @Test
    void whatAnEndedRunLeftIsWrittenOver() throws Exception {
        Files.writeString(temporary.resolve(".results.json.part"), "a longer text, cut off");
        ResultFolder.open(temporary).write("results.json", "one");
        assertEquals("one", Files.readString(temporary.resolve("results.json")));
        assertEquals(List.of("results.json"), names(temporary));
    }

    @Test
    void aFileThatCannotBeReplacedIsSaidAndLeavesNothing() throws Exception {
        ResultFolder folder = ResultFolder.open(temporary);
        Files.createDirectories(temporary.resolve("a.svg/full"));
        String message = assertThrows(NotWritable.class, () -> folder.write("a.svg", "one"))
                .getMessage();
        assertTrue(message.startsWith("cannot write to " + temporary.resolve("a.svg") + ": "), message);
        assertEquals(List.of("a.svg"), names(temporary));
    }

    @Test
    void whatCannotBecomeAReportIsFoundAtOnce() throws Exception {
        Files.createDirectory(temporary.resolve("report.html"));
        assertEquals(
                "cannot write to " + temporary + ": report.html is a folder",
                assertThrows(NotWritable.class, () -> ResultFolder.open(temporary))
                        .getMessage());
        Path file = Files.writeString(temporary.resolve("file"), "");
        assertThrows(NotWritable.class, () -> ResultFolder.open(file));
        assertThrows(NotWritable.class, () -> ResultFolder.open(file.resolve("below")));
    }
}
