package dev.headgate.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code bin/headgate} installed in a folder, with JDKs that only say what they were called with. */
final class PackagedScript {
    /**
     * A start.
     *
     * @param exitCode of the script
     * @param jdk the JDK that was taken
     * @param cache the AOT cache that was given, or nothing
     * @param flags those of the JVM, without the cache
     * @param arguments those of the program
     * @param errors standard error
     */
    record Outcome(int exitCode, String jdk, String cache, List<String> flags, List<String> arguments, String errors) {}

    private static final String SYSTEM_PATH = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    private static final Path SOURCES = Path.of("src/main/dist");

    /** Built-in commands only: it runs where the path leads nowhere. */
    private static final String JAVA = """
            #!/bin/sh
            echo "jdk=${0%/bin/java}"
            for argument; do
                case $argument in
                    -XX:AOTCache=*) echo "cache=${argument#*=}" ;;
                    -XX:AOTCacheOutput=*) : >"${argument#*=}" ;;
                esac
            done
            while [ "$1" != -m ]; do
                case $1 in -XX:AOTCache*) ;; *) echo "flag=$1" ;; esac
                shift
            done
            shift 2
            for argument; do echo "argument=$argument"; done
            """;

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> asUser = new ArrayList<>();
    private Path home;

    private PackagedScript(Path folder) {
        this.folder = folder;
        this.home = folder.resolve("installed");
    }

    /** Installs it in {@code folder}; no JDK of this machine is new enough for it. */
    static PackagedScript install(Path folder) throws IOException {
        PackagedScript script = new PackagedScript(folder.toRealPath());
        for (String file : List.of("bin/headgate", "lib/find-jdk.sh", "lib/jvm.options")) {
            String text = Files.readString(SOURCES.resolve(file));
            script.write(file, text.replace("jdk_version_min=25\n", "jdk_version_min=9000\n"));
        }
        script.write("lib/build.id", "0123456789abcdef\n");
        script.write("lib/program.jar", "");
        makeExecutable(script.home.resolve("bin/headgate"));
        script.addTool("readlink");
        script.addTool("cksum");
        script.set("HOME", folder.resolve("user-home"));
        script.set("XDG_CACHE_HOME", folder.resolve("user"));
        return script;
    }

    Path home() {
        return home;
    }

    String program() {
        return home.resolve("bin/headgate").toString();
    }

    void set(String variable, Object value) {
        environment.put(variable, value.toString());
    }

    void withoutPath() {
        set("PATH", folder.resolve("nothing"));
    }

    /** Nothing else is on the path: a start that finds no cache has none made beside the test. */
    private void addTool(String name) throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String place : SYSTEM_PATH.split(":")) {
            if (Files.notExists(tools.resolve(name)) && Files.isExecutable(Path.of(place, name))) {
                Files.writeString(tools.resolve(name), "#!/bin/sh\nexec " + Path.of(place, name) + " \"$@\"\n");
                makeExecutable(tools.resolve(name));
            }
        }
        set("PATH", tools);
    }

    void write(String file, String text) throws IOException {
        Path path = home.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    void moveTo(Path target) throws IOException {
        Files.move(home, target);
        home = target;
    }

    void addJdk(String name, String version) throws IOException {
        Path jdk = folder.resolve(name);
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("bin/java"), JAVA);
        makeExecutable(jdk.resolve("bin/java"));
        Files.writeString(jdk.resolve("release"), """
                IMPLEMENTOR="Some One, Inc. / Ltd."
                JAVA_RUNTIME_VERSION="%1$s+9-LTS"
                JAVA_VERSION="%1$s"
                MODULES="java.base"
                """.formatted(version));
    }

    /** Lets the path begin with a folder in which java is a link to {@code target}. */
    void linkOnPath(String target) throws IOException {
        Path links = Files.createDirectories(folder.resolve("links"));
        Files.deleteIfExists(links.resolve("java"));
        Files.createSymbolicLink(links.resolve("java"), folder.resolve(target));
        set("PATH", links + ":" + folder.resolve("tools"));
    }

    /** For the superuser everything can be written, so that the script runs as nobody from now on. */
    void makeReadOnly() throws IOException {
        Files.createDirectories(folder.resolve("user"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(folder.resolve("user"), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(home.resolve("lib"), PosixFilePermissions.fromString("r-xr-xr-x"));
        if (Files.isWritable(home.resolve("lib"))) {
            asUser.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
    }

    /** The caches there are in the program's own folder. */
    List<String> caches() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(".aot"))
                    .sorted()
                    .toList();
        }
    }

    /** @param kinds of cache; none: all */
    void train(String... kinds) throws IOException, InterruptedException {
        String path = environment.getOrDefault("PATH", "");
        set("PATH", path + ":" + SYSTEM_PATH);
        Outcome outcome = start(
                Stream.concat(Stream.of(program(), "train"), Stream.of(kinds)).toList());
        set("PATH", path);
        if (outcome.exitCode() != 0) throw new AssertionError(outcome);
    }

    /** Starts {@code headgate run}. */
    Outcome run() throws IOException, InterruptedException {
        return start(List.of(program(), "run"));
    }

    Outcome start(List<String> command) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(asUser);
        whole.addAll(command);
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(whole).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        return new Outcome(
                exitCode,
                String.join("", valuesOf("jdk", output)),
                String.join("", valuesOf("cache", output)),
                valuesOf("flag", output),
                valuesOf("argument", output),
                Files.readString(errors));
    }

    private static List<String> valuesOf(String key, String output) {
        return output.lines()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .toList();
    }

    private static void makeExecutable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
