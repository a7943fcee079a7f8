package dev.headgate.bench.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program that is installed.
 *
 * @param command what starts it, without further arguments
 * @param version the first line that it says of itself
 */
public record FoundProgram(List<String> command, String version) {
    private static final List<String> SYSTEM_FOLDERS =
            List.of("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin");
    private static final int ANSWER_SECONDS_MAX = 20;

    public FoundProgram {
        command = List.copyOf(command);
    }

    /**
     * Looks for {@code name} on the path and where systems keep servers; asks it for its version.
     *
     * @throws IOException when there is none, or it does not answer; the message says which, for people
     */
    public static FoundProgram find(String name, String versionOption) throws IOException, InterruptedException {
        Path path = locate(name).orElseThrow(() -> new IOException(name + " is not installed"));
        return ask(name, List.of(path.toString()), versionOption);
    }

    /** The file of that name that can be run, if there is one. */
    public static Optional<Path> locate(String name) {
        List<String> folders = new ArrayList<>(
                Arrays.asList(System.getenv().getOrDefault("PATH", "").split(":", -1)));
        folders.addAll(SYSTEM_FOLDERS);
        return folders.stream()
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
                .findFirst();
    }

    /**
     * What comes before a command that is to be asked to end when the thread that has started it is gone; nothing where there
     * is no program that arranges for it.
     */
    static List<String> dyingWithParent() throws InterruptedException {
        Optional<Path> setpriv = locate("setpriv");
        if (setpriv.isEmpty()) return List.of();
        List<String> prefix = List.of(setpriv.get().toString(), "--pdeathsig", "TERM");
        List<String> trial = new ArrayList<>(prefix);
        trial.addAll(List.of("sh", "-c", "exit 0"));
        try {
            // Older ones, and those of some small systems, do not know the option.
            Optional<ShortRun> answer = ShortRun.of(trial, Map.of(), Duration.ofSeconds(ANSWER_SECONDS_MAX));
            return answer.filter(run -> run.exitCode() == 0).isPresent() ? prefix : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * The program that {@code command} starts, with what it answers to {@code versionOption}.
     *
     * @param name for the message
     * @throws IOException when it does not answer, in good order and within {@value #ANSWER_SECONDS_MAX} seconds: it would not
     *     be of use
     */
    static FoundProgram ask(String name, List<String> command, String versionOption)
            throws IOException, InterruptedException {
        return ask(name, command, versionOption, Duration.ofSeconds(ANSWER_SECONDS_MAX));
    }

    static FoundProgram ask(String name, List<String> command, String versionOption, Duration limit)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(command);
        line.add(versionOption);
        ShortRun answer = ShortRun.of(line, Map.of(), limit)
                .orElseThrow(
                        () -> new IOException(name + " does not say its version within " + limit.toMillis() + " ms"));
        String said = answer.firstLine().orElse("version not known");
        if (answer.exitCode() != 0) {
            throw new IOException(name + " does not say its version: exit code " + answer.exitCode() + ", " + said);
        }
        return new FoundProgram(command, said);
    }
}
