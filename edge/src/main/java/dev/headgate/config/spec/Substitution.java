package dev.headgate.config.spec;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form <code>${NAME}</code>, <code>${NAME:-default}</code> or <code>${file:/path}</code>, which stands for a whole
 * scalar; <code>$${</code> is how a literal <code>${</code> is written.
 */
final class Substitution {
    private static final String OPENING = "${";
    private static final String ESCAPED_OPENING = "$${";
    private static final String FILE_PREFIX = "file:";
    private static final String DEFAULT_SEPARATOR = ":-";

    private Substitution() {}

    /** What a reference asks for. */
    sealed interface Reference {
        /** An environment variable; the default, if any, also stands for an empty one. */
        record Variable(String name, @Nullable String otherwise) implements Reference {}

        /** A file's content without its last line end. */
        record File(String path) implements Reference {}
    }

    /** Whether the whole of {@code text} is one reference, well-formed or not. */
    static boolean isReference(String text) {
        return text.startsWith(OPENING) && text.endsWith("}");
    }

    /** Whether a reference stands within other text, where it would not be replaced. */
    static boolean hasInnerReference(String text) {
        int index = text.indexOf(OPENING);
        while (index >= 0) {
            if (index == 0 || text.charAt(index - 1) != '$') return true;
            index = text.indexOf(OPENING, index + OPENING.length());
        }
        return false;
    }

    /** The reference that {@code text} is, or null when it is malformed. */
    static @Nullable Reference parse(String text) {
        String inner = text.substring(OPENING.length(), text.length() - 1);
        if (inner.startsWith(FILE_PREFIX)) {
            String path = inner.substring(FILE_PREFIX.length());
            return path.isEmpty() ? null : new Reference.File(path);
        }
        int separator = inner.indexOf(DEFAULT_SEPARATOR);
        String name = separator < 0 ? inner : inner.substring(0, separator);
        if (!isVariableName(name)) return null;
        return new Reference.Variable(
                name, separator < 0 ? null : inner.substring(separator + DEFAULT_SEPARATOR.length()));
    }

    private static boolean isVariableName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
            if (!letter && (i == 0 || c < '0' || c > '9')) return false;
        }
        return !name.isEmpty();
    }

    static String escape(String text) {
        return text.replace(OPENING, ESCAPED_OPENING);
    }

    static String unescape(String text) {
        return text.replace(ESCAPED_OPENING, OPENING);
    }

    static Map<String, Object> schema() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "string");
        schema.put("description", "An environment variable or a file that stands for the whole value.");
        schema.put("pattern", "^\\$\\{.+\\}$");
        return schema;
    }
}
