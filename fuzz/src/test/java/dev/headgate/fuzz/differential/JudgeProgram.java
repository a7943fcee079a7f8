package dev.headgate.fuzz.differential;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The programs of others that are asked, each with a set-up that is in the resources of these tests. */
enum JudgeProgram {
    NGINX("nginx", "nginx.conf", "nginx version: nginx/1.22."),
    HAPROXY("haproxy", "haproxy.cfg", "HAProxy version 2.6."),
    NODE("node", "peer.js", "v20.");

    private final String command;
    private final String resource;
    private final String described;

    JudgeProgram(String command, String resource, String described) {
        this.command = command;
        this.resource = resource;
        this.described = described;
    }

    String command() {
        return command;
    }

    /** Whether the program is on the path of commands, or where Debian puts services. */
    boolean isInstalled() {
        return !executable().isEmpty();
    }

    /** Whether it is the version that the quirk lists speak of; others have other quirks. */
    boolean isDescribed() {
        return version().startsWith(described);
    }

    /** As it tells its version, in one line. */
    String version() {
        try {
            var process = new ProcessBuilder(executable(), "-v")
                    .redirectErrorStream(true)
                    .start();
            try (var output = process.getInputStream()) {
                return new String(output.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .findFirst()
                        .orElse("");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String executable() {
        String folders = Objects.requireNonNullElse(System.getenv("PATH"), "") + File.pathSeparator + "/usr/sbin";
        for (String folder : folders.split(File.pathSeparator, -1)) {
            var file = Path.of(folder, command);
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        return "";
    }

    /**
     * Writes the set-up into {@code folder}, and says how to start the program: listening there on socket {@code listen}, before an origin
     * at {@code origin}.
     */
    List<String> commandLine(Path folder, String origin) throws IOException {
        var setup = folder.resolve(resource);
        Files.writeString(
                setup,
                text(resource)
                        .replace("@FOLDER@", folder.toString())
                        .replace("@LISTEN@", folder.resolve("listen").toString())
                        .replace("@ORIGIN@", origin));
        String file = setup.toString();
        return switch (this) {
            case NGINX ->
                List.of(executable(), "-e", folder.resolve("nginx.log").toString(), "-c", file);
            case HAPROXY -> List.of(executable(), "-f", file);
            case NODE -> List.of(executable(), file, folder.resolve("listen").toString(), origin);
        };
    }

    private static String text(String resource) {
        try (var in = Objects.requireNonNull(JudgeProgram.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
