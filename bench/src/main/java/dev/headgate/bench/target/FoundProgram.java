package dev.headgate.bench.target;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program that is installed.
 *
 * @param command what starts it, without further arguments
 * @param version the first line that it says of itself
 */
public record FoundProgram(List<String> command, String version) {
    private static final List<String> SYSTEM_FOLDERS =
            List.of("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin");
    private static final int SECONDS_MAX = 20;

    public FoundProgram {
        command = List.copyOf(command);
    }

    /** Looks for {@code name} on the path and where systems keep servers; asks it for its version. */
    public static Optional<FoundProgram> find(String name, String versionOption) {
        return locate(name).map(path -> ask(List.of(path.toString()), versionOption));
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

    /** The program that {@code command} starts, with what it answers to {@code versionOption}. */
    public static FoundProgram ask(List<String> command, String versionOption) {
        List<String> line = new ArrayList<>(command);
        line.add(versionOption);
        return new FoundProgram(command, firstLine(line));
    }

    private static String firstLine(List<String> line) {
        try {
            Process process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            try (InputStream output = process.getInputStream()) {
                String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
                if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) process.destroyForcibly();
                return text.lines().findFirst().orElse("version not known").trim();
            }
        } catch (IOException e) {
            return "version not known";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "version not known";
        }
    }
}
