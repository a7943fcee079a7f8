package dev.headgate.config.spec;

import dev.headgate.config.source.Mark;
import dev.headgate.config.source.Node;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.source.SourceText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What reading one document needs and gathers: surroundings, problems, names with their references. */
public final class Reading {
    private static final int NAMES_SHOWN_MAX = 20;

    private final Surroundings surroundings;
    private final Consumer<Problem> problems;
    private final Map<String, Mark> definitions = new LinkedHashMap<>(); // by name
    private final List<Reference> references = new ArrayList<>();

    /** Where substitutions come from. */
    public interface Surroundings {
        /** The environment variable {@code name}, or null. */
        @Nullable
        String variable(String name);

        /** The whole text of a file. */
        String readFile(String path) throws IOException;

        /** The providers of TLS, or null where it is not known which there will be. */
        @Nullable
        List<String> tlsProviders();
    }

    private record Reference(String name, Mark mark) {}

    public Reading(Surroundings surroundings, Consumer<Problem> problems) {
        this.surroundings = surroundings;
        this.problems = problems;
    }

    /** The same, of another text. */
    Reading in(SourceText source) {
        return new Reading(surroundings, problem -> report(problem.in(source)));
    }

    String readFile(String path) throws IOException {
        return surroundings.readFile(path);
    }

    public void report(Problem problem) {
        problems.accept(problem);
    }

    /** The providers of TLS, or null where it is not known which there will be. */
    public @Nullable List<String> tlsProviders() {
        return surroundings.tlsProviders();
    }

    /** Notes that something can be referred to as {@code name}. */
    public void define(String name, Mark mark) {
        definitions.putIfAbsent(name, mark);
    }

    /** Notes that {@code name} must be defined somewhere in the document. */
    public void refer(String name, Mark mark) {
        references.add(new Reference(name, mark));
    }

    /** Reports references without definition and definitions without reference; called once, at the end. */
    public void checkReferences() {
        Set<String> unused = new LinkedHashSet<>(definitions.keySet());
        for (Reference reference : references) {
            unused.remove(reference.name());
            if (definitions.containsKey(reference.name())) continue;
            report(Problem.at(reference.mark(), ProblemCode.UNKNOWN_UPSTREAM, "there is no such upstream")
                    .found("\"" + reference.name() + "\"")
                    .expected(
                            definitions.isEmpty()
                                    ? "an upstream; none is defined"
                                    : "one of " + firstOf(definitions.keySet()))
                    .suggest(Nearest.suggestion(reference.name(), definitions.keySet())));
        }
        for (String name : unused) {
            report(Problem.at(
                            definitions.getOrDefault(name, Mark.START),
                            ProblemCode.UNUSED_UPSTREAM,
                            "no route sends anything to this upstream")
                    .found("\"" + name + "\""));
        }
    }

    private static String firstOf(Set<String> names) {
        if (names.size() <= NAMES_SHOWN_MAX) return String.join(", ", names);
        List<String> first = new ArrayList<>(names).subList(0, NAMES_SHOWN_MAX);
        return String.join(", ", first) + " or another of " + names.size();
    }

    /** The scalar with its substitution made, or null after reporting that it cannot be. */
    ScalarSpec.@Nullable Value resolve(Node.Scalar scalar) {
        String text = scalar.text();
        if (!Substitution.isReference(text)) {
            if (!Substitution.hasInnerReference(text)) {
                return new ScalarSpec.Value(Substitution.unescape(text), scalar.plain());
            }
            return refuse(
                    scalar,
                    "a substitution stands within other text",
                    "${NAME} as the whole value; $${ is a literal ${");
        }
        return switch (Substitution.parse(text)) {
            case null -> refuse(scalar, "malformed substitution", "${NAME}, ${NAME:-default} or ${file:/path}");
            case Substitution.Reference.Variable variable -> resolveVariable(scalar, variable);
            case Substitution.Reference.File file -> resolveFile(scalar, file.path());
        };
    }

    private ScalarSpec.@Nullable Value resolveVariable(Node.Scalar scalar, Substitution.Reference.Variable variable) {
        String value = surroundings.variable(variable.name());
        String otherwise = variable.otherwise();
        if (otherwise != null && (value == null || value.isEmpty())) value = otherwise;
        if (value != null) return new ScalarSpec.Value(value, true);
        return refuse(
                scalar,
                "the environment variable " + variable.name() + " is not set",
                "a variable that is set, or a default: ${" + variable.name() + ":-default}");
    }

    private ScalarSpec.@Nullable Value resolveFile(Node.Scalar scalar, String path) {
        try {
            return new ScalarSpec.Value(withoutLastLineEnd(surroundings.readFile(path)), true);
        } catch (IOException e) {
            return refuse(scalar, "the file " + path + " cannot be read", "a readable text file");
        }
    }

    private static String withoutLastLineEnd(String text) {
        if (text.endsWith("\r\n")) return text.substring(0, text.length() - 2);
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    private ScalarSpec.@Nullable Value refuse(Node.Scalar scalar, String message, String expected) {
        report(Problem.at(scalar.mark(), ProblemCode.SUBSTITUTION, message)
                .found(scalar.describe())
                .expected(expected));
        return null;
    }
}
