package dev.headgate.fuzz.targets;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Replays the corpus. A fuzzer writes an input that breaks a law right beside it, where it stays as a test. */
class CorpusTest {
    static final Path CORPUS = Path.of("src/test/resources/corpus");

    @TestFactory
    Stream<DynamicTest> everyFileOfTheCorpusKeepsTheLaws() throws IOException {
        return Stream.of(Target.values())
                .flatMap(target -> files(target).stream()
                        .map(file -> DynamicTest.dynamicTest(
                                target + "/" + file.getFileName(),
                                file.toUri(),
                                () -> target.run(Files.readAllBytes(file)))));
    }

    static List<Path> files(Target target) {
        try (Stream<Path> files = Files.list(CORPUS.resolve(target.name()))) {
            List<Path> sorted = files.sorted().toList();
            assertTrue(!sorted.isEmpty(), () -> "no corpus for " + target);
            return sorted;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
