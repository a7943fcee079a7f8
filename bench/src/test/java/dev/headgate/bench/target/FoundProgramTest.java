package dev.headgate.bench.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FoundProgramTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    @TempDir
    Path folder;

    private static FoundProgram ask(String script, Duration limit) throws Exception {
        return FoundProgram.ask("it", List.of("/bin/sh", "-c", script), "-v", limit);
    }

    private static String refusal(String script, Duration limit) {
        return assertThrows(IOException.class, () -> ask(script, limit)).getMessage();
    }

    @Test
    void tellsTheFirstLineOfWhatItSays() throws Exception {
        assertEquals("it 1.0", ask("echo; echo it 1.0 >&2; echo more", LONG).version());
        assertEquals("version not known", ask("exit 0", LONG).version());
    }

    @Test
    void takesNoMoreThanTheBeginning() throws Exception {
        assertEquals("it 1.0", ask("echo it 1.0; yes | head -c 1000000", LONG).version());
    }

    @Test
    void doesNotWaitForWhatTheProgramLeavesRunning() throws Exception {
        Path child = folder.resolve("child");
        assertEquals(
                "it 1.0",
                ask("echo it 1.0; sleep 1000 & echo $! > " + child, LONG).version());
        ProcessHandle sleeping = handle(child).orElseThrow();
        assertTrue(sleeping.isAlive());
        sleeping.destroyForcibly();
    }

    @Test
    void oneThatDoesNotAnswerIsOfNoUseAndIsEnded() throws Exception {
        Path child = folder.resolve("child");
        String script = "sleep 1000 & echo $! > " + child + "; wait";
        assertEquals("it does not say its version within 500 ms", refusal(script, Duration.ofMillis(500)));
        Optional<ProcessHandle> sleeping = handle(child);
        if (sleeping.isPresent()) sleeping.get().onExit().join();
    }

    @Test
    void oneThatFailsIsOfNoUse() {
        assertEquals("it does not say its version: exit code 3, no library", refusal("echo no library; exit 3", LONG));
    }

    @Test
    void findsOnlyWhatIsThere() {
        assertEquals(
                "no-such-program-anywhere is not installed",
                assertThrows(IOException.class, () -> FoundProgram.find("no-such-program-anywhere", "-v"))
                        .getMessage());
        assertThrows(IOException.class, () -> FoundProgram.ask("it", List.of("/no/such/program"), "-v"));
    }

    /** The process whose number is in the file, unless it has ended, or had no time to be written. */
    private static Optional<ProcessHandle> handle(Path file) throws IOException {
        String text = Files.exists(file) ? Files.readString(file).trim() : "";
        return text.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(text));
    }
}
