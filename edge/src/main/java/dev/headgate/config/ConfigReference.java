package dev.headgate.config;

import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.source.TreeWriter;
import dev.headgate.config.spec.ObjectSpec;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The reference of the language as Markdown; it comes from the declarations that also read the file. */
public final class ConfigReference {
    private static final String INTRODUCTION = """
            # Configuration reference

            This page is generated from the declarations that the program itself reads a configuration with.

            A configuration is one YAML 1.2 document in UTF-8; JSON is a subset of it. `headgate check -c FILE` reports
            all mistakes at once, `headgate config -c FILE --effective` prints the configuration with every default.

            - **Keys** are checked strictly: an unknown or repeated one is an error.
            - **Durations** carry a unit: `50us`, `250ms`, `5s`, `1m`, `1h`. **Sizes** too: `500B`, `64KiB`, `10MiB`,
              `1GiB`. A bare number is an error.
            - **Substitution**: `${NAME}`, `${NAME:-default}` and `${file:/path}` stand for a whole value: an
              environment variable, one with a default for when it is unset or empty, or the content of a file without
              its last line end. A literal `${` is written `$${`. Within `[ ]` and `{ }` YAML wants quotes: `"${NAME}"`.
            - A **list** with a single value can be written as that value alone.
            - **Anchors and aliases** can be used; tags, merge keys and further documents cannot.

            A minimal configuration:

            ```yaml
            version: 1
            listeners:
              - {name: web, address: 0.0.0.0:8080}
            upstreams:
              app:
                endpoints: [10.0.0.11:8080, 10.0.0.12:8080]
            routes:
              - to: app
            ```
            """;

    private final StringBuilder out = new StringBuilder(INTRODUCTION);
    private final Set<String> described = new LinkedHashSet<>();

    private ConfigReference() {}

    /** The reference as Markdown. */
    public static String generate() {
        ConfigReference reference = new ConfigReference();
        reference.describe(Language.DOCUMENT);
        reference.describeCodes();
        return reference.out.toString();
    }

    private void describe(ObjectSpec<?> object) {
        if (!described.add(object.name())) return;
        out.append("\n## ")
                .append(object.name())
                .append("\n\n")
                .append(object.doc())
                .append("\n\n");
        out.append("| key | type | default | meaning |\n| --- | --- | --- | --- |\n");
        for (ObjectSpec.KeyDescription key : object.describeKeys()) {
            out.append("| `").append(key.name()).append("` | ").append(typeOf(key));
            out.append(" | ")
                    .append(defaultOf(key))
                    .append(" | ")
                    .append(cell(key.doc()))
                    .append(" |\n");
        }
        for (ObjectSpec.KeyDescription key : object.describeKeys()) {
            key.objects().forEach(this::describe);
        }
    }

    private static String typeOf(ObjectSpec.KeyDescription key) {
        String type = cell(key.typeName());
        for (ObjectSpec<?> object : key.objects()) {
            type = type.replace(object.name(), "[" + object.name() + "](#" + anchorOf(object) + ")");
        }
        return key.range().isEmpty() ? type : type + ", " + cell(key.range());
    }

    private static String anchorOf(ObjectSpec<?> object) {
        return object.name().toLowerCase(Locale.ROOT).replace(".", "");
    }

    private static String defaultOf(ObjectSpec.KeyDescription key) {
        Object value = key.writtenDefault();
        if (key.isRequired()) return "required";
        if (value == null) return "";
        if (value instanceof Map<?, ?> map && !map.isEmpty()) return "see there";
        return "`" + TreeWriter.yamlInline(value) + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("*", "\\*");
    }

    private void describeCodes() {
        out.append(
                "\n## Problem codes\n\nCodes keep their meaning for good. `headgate help CODE` prints the same.\n\n");
        out.append("| code | name | meaning |\n| --- | --- | --- |\n");
        for (ProblemCode code : ProblemCode.values()) {
            out.append("| ")
                    .append(code.id())
                    .append(" | `")
                    .append(code.token())
                    .append("` | ");
            out.append(cell(code.explanation())).append(" |\n");
        }
    }
}
