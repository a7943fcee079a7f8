package dev.headgate.config;

import dev.headgate.config.ConfigProblem.Severity;
import dev.headgate.config.source.Mark;
import dev.headgate.config.source.Node;
import dev.headgate.config.source.NodeComposer;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.SourceText;
import dev.headgate.config.spec.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a configuration as a whole: either a value with every default filled in, or all mistakes at once. */
public final class ConfigLoader {
    /** Largest file, in bytes. */
    public static final int FILE_BYTES_MAX = NodeComposer.TEXT_LENGTH_MAX;

    /** What an empty file holds. */
    private static final Node NOTHING = new Node.Scalar(Mark.START, "", true);

    private ConfigLoader() {}

    /**
     * Reads the file at {@code path}, with substitutions from this process.
     *
     * @throws IOException when the file cannot be read, or is no text in UTF-8
     */
    public static ConfigResult load(Path path) throws IOException {
        return load(path, Environment.ofProcess());
    }

    /** Reads the file at {@code path}, with substitutions from {@code environment}. */
    public static ConfigResult load(Path path, Environment environment) throws IOException {
        return parse(path.toString(), readText(path), environment);
    }

    private static String readText(Path path) throws IOException {
        try (var in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
            if (bytes.length > FILE_BYTES_MAX) throw new IOException("larger than " + FILE_BYTES_MAX + " bytes");
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("not a text in UTF-8", e);
        }
    }

    /** Reads {@code text}; {@code fileName} is only for messages. */
    public static ConfigResult parse(String fileName, String text, Environment environment) {
        SourceText source = new SourceText(fileName, text);
        ProblemList problems = new ProblemList();
        ProxyConfig config = read(source, environment, problems);
        List<ConfigProblem> shown = shown(problems, source);
        return new ConfigResult(problems.hasErrors() ? Optional.empty() : Optional.ofNullable(config), shown);
    }

    static List<ConfigProblem> shown(ProblemList problems, SourceText source) {
        List<ConfigProblem> shown = new ArrayList<>();
        for (Problem problem : problems.inOrder()) {
            SourceText elsewhere = problem.source();
            shown.add(shown(problem, elsewhere == null ? source : elsewhere));
        }
        return shown;
    }

    private static @Nullable ProxyConfig read(SourceText source, Environment environment, ProblemList problems) {
        try {
            Node root = new NodeComposer(source, problems::add).compose();
            if (root == null && !problems.isEmpty()) return null;
            Reading reading = new Reading(surroundings(environment), problems::add);
            ProxyConfig config = Language.DOCUMENT.read(root == null ? NOTHING : root, reading);
            reading.checkReferences();
            return config;
        } catch (ProblemList.TooManyErrors e) {
            return null; // the list says so
        }
    }

    static Reading.Surroundings surroundings(Environment environment) {
        return new Reading.Surroundings() {
            @Override
            public @Nullable String variable(String name) {
                return environment.variable(name);
            }

            @Override
            public String readFile(String path) throws IOException {
                return environment.readFile(path);
            }

            @Override
            public @Nullable List<String> tlsProviders() {
                return environment.tlsProviders();
            }
        };
    }

    private static ConfigProblem shown(Problem problem, SourceText source) {
        return new ConfigProblem(
                source.fileName(),
                problem.mark().line(),
                problem.mark().column(),
                problem.code().isWarning() ? Severity.WARNING : Severity.ERROR,
                problem.code().id(),
                problem.message(),
                problem.found(),
                problem.expected(),
                problem.suggestion(),
                source.excerpt(problem.mark()));
    }
}
