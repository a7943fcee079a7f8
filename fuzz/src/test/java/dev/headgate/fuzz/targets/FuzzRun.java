package dev.headgate.fuzz.targets;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs Jazzer on one target for a time: {@code TARGET SECONDS [libFuzzer options]}. It begins with the corpus, writes what
 * reaches more code into {@code target/fuzz/TARGET}, and an input that breaks a law into the corpus.
 *
 * <p>With {@code minimise} in place of the seconds it moves from the former to the latter what adds to it instead.
 */
final class FuzzRun {
    private static final Path FOUND = Path.of("target/fuzz");
    private static final String INSTRUMENTED = "dev.headgate.**:org.snakeyaml.**";
    /** The oracles must not guide the search: it would learn their regular expressions. */
    private static final String NOT_INSTRUMENTED = "dev.headgate.fuzz.**:dev.headgate.testkit.**";

    private FuzzRun() {}

    public static void main(String[] arguments) throws Throwable {
        if (arguments.length < 2) {
            System.err.println("usage: TARGET SECONDS|minimise; targets: " + Arrays.toString(Target.values()));
            System.exit(2);
        }
        var options = new ArrayList<>(options(Target.valueOf(arguments[0]), arguments[1]));
        options.addAll(List.of(arguments).subList(2, arguments.length));
        String[] forJazzer = options.toArray(String[]::new);
        // By name: Jazzer is on the class path only in the profile that fuzzes.
        MethodHandles.lookup()
                .findStatic(
                        Class.forName("com.code_intelligence.jazzer.Jazzer"),
                        "main",
                        MethodType.methodType(void.class, String[].class))
                .invokeExact(forJazzer);
    }

    private static List<String> options(Target target, String time) throws IOException {
        Path corpus = CorpusTest.CORPUS.resolve(target.name());
        Path found = Files.createDirectories(FOUND.resolve(target.name()));
        var options = new ArrayList<>(List.of(
                "--target_class=" + target.className(),
                "--instrumentation_includes=" + INSTRUMENTED,
                "--instrumentation_excludes=" + NOT_INSTRUMENTED,
                "--custom_hook_excludes=" + NOT_INSTRUMENTED,
                "--reproducer_path=" + FOUND,
                "-artifact_prefix=" + corpus + "/",
                "-dict=" + corpus + ".dict",
                "-max_len=8192",
                "-timeout=20",
                "-rss_limit_mb=3000"));
        if (time.equals("minimise")) {
            options.addAll(List.of("-merge=1", corpus.toString(), found.toString()));
        } else {
            options.addAll(List.of(
                    "-max_total_time=" + Long.parseLong(time),
                    "-print_final_stats=1",
                    found.toString(),
                    corpus.toString()));
        }
        return options;
    }
}
