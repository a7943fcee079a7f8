package dev.headgate.config.source;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a tree of {@code String}, {@code Number}, {@code Boolean}, {@code List} and {@code Map} as JSON, or as YAML in
 * the block style that people write. Text that could be taken for something else is quoted as in JSON, which YAML 1.2
 * reads alike.
 */
public final class TreeWriter {
    private static final String PLAIN_FIRST = "/._";
    private static final String PLAIN_MARKS = "/._-+%~";

    private final StringBuilder out = new StringBuilder();

    private TreeWriter() {}

    /** {@code tree} as JSON, indented by two, with a line end. */
    public static String json(Object tree) {
        TreeWriter writer = new TreeWriter();
        writer.writeJson(tree, 0);
        return writer.out.append('\n').toString();
    }

    /** {@code tree}, a mapping, as YAML. */
    public static String yaml(Map<String, Object> tree) {
        TreeWriter writer = new TreeWriter();
        writer.writeYamlMapping(tree, 0, "");
        return writer.out.toString();
    }

    /** A scalar as YAML writes it, a collection in short. */
    public static String yamlInline(Object tree) {
        return switch (tree) {
            case Map<?, ?> map when map.isEmpty() -> "{}";
            case List<?> list -> {
                List<String> items = list.stream().map(TreeWriter::yamlInline).toList();
                yield "[" + String.join(", ", items) + "]";
            }
            default -> {
                TreeWriter writer = new TreeWriter();
                writer.writeYamlScalar(tree);
                yield writer.out.toString();
            }
        };
    }

    private void writeJson(Object tree, int depth) {
        switch (tree) {
            case Map<?, ?> map when map.isEmpty() -> out.append("{}");
            case Map<?, ?> map -> {
                String separator = "{\n";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator);
                    indent(depth + 1);
                    writeQuoted(String.valueOf(entry.getKey()));
                    out.append(": ");
                    writeJson(entry.getValue(), depth + 1);
                    separator = ",\n";
                }
                out.append('\n');
                indent(depth);
                out.append('}');
            }
            case List<?> list when list.isEmpty() -> out.append("[]");
            case List<?> list -> {
                String separator = "[\n";
                for (Object item : list) {
                    out.append(separator);
                    indent(depth + 1);
                    writeJson(item, depth + 1);
                    separator = ",\n";
                }
                out.append('\n');
                indent(depth);
                out.append(']');
            }
            default -> writeFlow(tree);
        }
    }

    private void writeFlow(Object tree) {
        switch (tree) {
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator);
                    writeQuoted(String.valueOf(entry.getKey()));
                    out.append(':');
                    writeFlow(entry.getValue());
                    separator = ",";
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            case List<?> list -> {
                String separator = "[";
                for (Object item : list) {
                    out.append(separator);
                    writeFlow(item);
                    separator = ",";
                }
                out.append(list.isEmpty() ? "[]" : "]");
            }
            case String text -> writeQuoted(text);
            default -> out.append(tree);
        }
    }

    /** {@code first} stands before the first key, in place of its indentation: nothing, or the dash of a list. */
    private void writeYamlMapping(Map<?, ?> map, int depth, String first) {
        boolean isFirst = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (isFirst && !first.isEmpty()) {
                out.append(first);
            } else {
                indent(depth);
            }
            isFirst = false;
            writeYamlScalar(String.valueOf(entry.getKey()));
            out.append(':');
            writeYamlValue(entry.getValue(), depth);
        }
    }

    private void writeYamlValue(Object value, int depth) {
        switch (value) {
            case Map<?, ?> map
            when !map.isEmpty() -> {
                out.append('\n');
                writeYamlMapping(map, depth + 1, "");
            }
            case List<?> list
            when !list.isEmpty() -> {
                out.append('\n');
                list.forEach(item -> writeYamlItem(item, depth + 1));
            }
            case Map<?, ?> map -> out.append(" {}\n");
            case List<?> list -> out.append(" []\n");
            default -> {
                out.append(' ');
                writeYamlScalar(value);
                out.append('\n');
            }
        }
    }

    private void writeYamlItem(Object item, int depth) {
        indent(depth);
        if (item instanceof Map<?, ?> map && !map.isEmpty()) {
            writeYamlMapping(map, depth + 1, "- ");
        } else {
            out.append('-');
            writeYamlValue(item, depth);
        }
    }

    private void writeYamlScalar(Object value) {
        if (value instanceof String text && !isPlainSafe(text)) {
            writeQuoted(text);
        } else {
            out.append(value);
        }
    }

    /** Whether YAML reads {@code text} without quotes as that text: a narrow rule that is easy to see to be right. */
    private static boolean isPlainSafe(String text) {
        if (text.isEmpty() || !isPlainFirst(text.charAt(0))) return false;
        boolean hasLetter = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = isLetter(c);
            hasLetter |= letter || c == '/' || c == '%';
            boolean inside = i + 1 < text.length();
            // A colon before a blank or the end makes a key.
            boolean colon = c == ':' && inside && text.charAt(i + 1) != ' ';
            if (!letter && !isDigit(c) && PLAIN_MARKS.indexOf(c) < 0 && !colon) return false;
        }
        return hasLetter && !isKeyword(text);
    }

    private static boolean isPlainFirst(char c) {
        return isLetter(c) || isDigit(c) || PLAIN_FIRST.indexOf(c) >= 0;
    }

    /** Words with a meaning in YAML 1.2, and those with one in 1.1 that other readers of the output may know. */
    private static boolean isKeyword(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "null", "true", "false", "yes", "no", "on", "y", "n", ".inf", ".nan" -> true;
            default -> isNumberLike(text);
        };
    }

    /** {@code 1e3} and {@code 0x1f} are numbers, {@code 10MiB} is none. */
    private static boolean isNumberLike(String text) {
        if (!isDigit(text.charAt(0)) && text.charAt(0) != '.') return false;
        if (text.startsWith("0x") || text.startsWith("0o")) return true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isDigit(c) && c != '.' && c != 'e' && c != 'E' && c != '+' && c != '-') return false;
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void indent(int depth) {
        out.repeat("  ", depth);
    }

    private void writeQuoted(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> writeChar(c, Character.isSurrogate(c) && !isPaired(text, i));
            }
        }
        out.append('"');
    }

    private static boolean isPaired(String text, int index) {
        char c = text.charAt(index);
        return Character.isHighSurrogate(c)
                ? index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1))
                : index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    }

    /** Everything that a line editor or a terminal could trip over is written as its number. */
    private void writeChar(char c, boolean isLoneSurrogate) {
        boolean visible =
                c >= ' ' && c != 0x7f && !(c >= 0x80 && c < 0xa0) && c != '\u2028' && c != '\u2029' && c != '\ufeff';
        if (visible && !isLoneSurrogate && c < '\ufffe') {
            out.append(c);
        } else {
            out.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) out.append(Character.forDigit(c >> shift & 15, 16));
        }
    }
}
