package dev.headgate.config.spec;

import dev.headgate.config.source.ProblemCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Scalars without a subject of their own: counts, percentages, booleans, choices. */
public final class Scalars {
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,9}(\\.[0-9]{1,3})?");

    private Scalars() {}

    /** A whole number within bounds, both included, written without quotes. */
    public static ScalarSpec<Integer> count(int min, int max) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "integer");
        schema.put("minimum", (long) min);
        schema.put("maximum", (long) max);
        return new ScalarSpec<>(
                "number",
                "a whole number, " + min + " to " + max,
                min + " to " + max,
                new ScalarSpec.Notation<>() {
                    @Override
                    public Integer parse(ScalarSpec.Value value) throws Refused {
                        return parseCount(value, min, max);
                    }

                    @Override
                    public Object write(Integer value) {
                        return value.longValue();
                    }
                },
                schema);
    }

    private static int parseCount(ScalarSpec.Value value, int min, int max) throws Refused {
        Long number = value.plain() ? parseWhole(value.text()) : null;
        if (number == null) {
            Long quoted = parseWhole(value.text());
            throw Refused.badValue("not a whole number", quoted == null ? "" : "write " + quoted + " without quotes");
        }
        if (number < min || number > max) {
            throw new Refused(ProblemCode.OUT_OF_RANGE, "number out of range", min + " to " + max, "");
        }
        return Math.toIntExact(number);
    }

    /** A number within bounds, both included, that may have up to three decimal places, written without quotes. */
    public static ScalarSpec<Double> decimal(double min, double max) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "number");
        schema.put("minimum", shortest(min));
        schema.put("maximum", shortest(max));
        String range = shortest(min) + " to " + shortest(max);
        return new ScalarSpec<>(
                "number",
                "a number such as 1.5, " + range,
                range,
                new ScalarSpec.Notation<>() {
                    @Override
                    public Double parse(ScalarSpec.Value value) throws Refused {
                        return parseDecimal(value, min, max, range);
                    }

                    @Override
                    public Object write(Double value) {
                        return shortest(value);
                    }
                },
                schema);
    }

    /** Whole numbers have no point. */
    private static Number shortest(double value) {
        return value == Math.rint(value) ? (Number) (long) value : (Number) value;
    }

    private static double parseDecimal(ScalarSpec.Value value, double min, double max, String range) throws Refused {
        boolean isNumber = DECIMAL.matcher(value.text()).matches();
        if (!isNumber || !value.plain()) {
            throw Refused.badValue("not a number", isNumber ? "write " + value.text() + " without quotes" : "");
        }
        double number = Double.parseDouble(value.text());
        if (number < min || number > max) {
            throw new Refused(ProblemCode.OUT_OF_RANGE, "number out of range", range, "");
        }
        return number;
    }

    private static @Nullable Long parseWhole(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        int digits = text.length() - start;
        if (digits < 1 || digits > 18) return null;
        long number = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') return null;
            number = number * 10 + c - '0';
        }
        return start == 1 ? -number : number;
    }

    /** A whole percentage with its sign, 0 to 100. */
    public static ScalarSpec<Integer> percent() {
        return percent(0, 100, "20%", "^(100|[0-9]{1,2})%$");
    }

    /** A whole percentage with its sign within bounds, both included. */
    public static ScalarSpec<Integer> percent(int min, int max, String example) {
        return percent(min, max, example, "^[0-9]+%$");
    }

    private static ScalarSpec<Integer> percent(int min, int max, String example, String pattern) {
        return new ScalarSpec<>(
                "percentage",
                "a whole percentage such as " + example,
                min + "% to " + max + "%",
                new ScalarSpec.Notation<>() {
                    @Override
                    public Integer parse(ScalarSpec.Value value) throws Refused {
                        return parsePercent(value, min, max);
                    }

                    @Override
                    public Object write(Integer value) {
                        return value + "%";
                    }
                },
                Schemas.typed("string", "pattern", pattern));
    }

    private static int parsePercent(ScalarSpec.Value value, int min, int max) throws Refused {
        String text = value.text();
        Long bare = parseWhole(text);
        if (bare != null) {
            throw new Refused(ProblemCode.UNIT_MISSING, "a percentage without its sign", "", "write " + bare + "%");
        }
        Long number = text.endsWith("%") ? parseWhole(text.substring(0, text.length() - 1)) : null;
        if (number == null) throw Refused.badValue("not a percentage");
        if (number < min || number > max) {
            throw new Refused(ProblemCode.OUT_OF_RANGE, "percentage out of range", min + "% to " + max + "%", "");
        }
        return Math.toIntExact(number);
    }

    /** {@code true} or {@code false}, written without quotes. */
    public static ScalarSpec<Boolean> bool() {
        return new ScalarSpec<>(
                "boolean",
                "true or false",
                "",
                new ScalarSpec.Notation<>() {
                    @Override
                    public Boolean parse(ScalarSpec.Value value) throws Refused {
                        return parseBool(value);
                    }

                    @Override
                    public Object write(Boolean value) {
                        return value;
                    }
                },
                Map.of("type", "boolean"));
    }

    private static boolean parseBool(ScalarSpec.Value value) throws Refused {
        if (value.plain() && value.text().equals("true")) return true;
        if (value.plain() && value.text().equals("false")) return false;
        String suggestion = switch (value.text()) {
            case "yes", "on", "Yes", "On", "True", "TRUE", "true" -> "write true";
            case "no", "off", "No", "Off", "False", "FALSE", "false" -> "write false";
            default -> "";
        };
        throw Refused.badValue("not a boolean", suggestion);
    }

    /** One of several words, each with its meaning, in the order in which people should see them. */
    public static <E> ScalarSpec<E> words(Map<String, E> meanings) {
        Map<String, E> words = new LinkedHashMap<>(meanings);
        String list = String.join(", ", words.keySet());
        return new ScalarSpec<>(
                String.join(" | ", words.keySet()),
                words.size() == 1 ? list : "one of " + list,
                "",
                new ScalarSpec.Notation<>() {
                    @Override
                    public E parse(ScalarSpec.Value value) throws Refused {
                        return parseWord(value.text(), words);
                    }

                    @Override
                    public Object write(E value) {
                        return wordOf(value, words);
                    }
                },
                Schemas.typed("string", "enum", List.copyOf(words.keySet())));
    }

    private static <E> E parseWord(String text, Map<String, E> words) throws Refused {
        E meaning = words.get(text);
        if (meaning != null) return meaning;
        throw new Refused(ProblemCode.UNKNOWN_WORD, "unknown word", "", Nearest.suggestion(text, words.keySet()));
    }

    private static <E> String wordOf(E value, Map<String, E> words) {
        for (Map.Entry<String, E> word : words.entrySet()) {
            if (word.getValue().equals(value)) return word.getKey();
        }
        throw new IllegalStateException("no word for " + value);
    }

    /** Free text that {@code check} may refuse. */
    public static ScalarSpec<String> text(String typeName, String expected, ScalarSpec.Notation<String> check) {
        return new ScalarSpec<>(typeName, expected, "", check, Map.of("type", "string"));
    }

    /** A name for logs and metrics: letters, digits, dot, hyphen and underscore, at most 64. */
    public static ScalarSpec<String> name() {
        return text("name", "a name of letters, digits, '.', '-' and '_', at most 64", value -> {
            if (!isName(value.text())) throw Refused.badValue("not a name");
            return value.text();
        });
    }

    private static boolean isName(String text) {
        if (text.isEmpty() || text.length() > 64) return false;
        for (int i = 0; i < text.length(); i++) {
            if (!isNameChar(text.charAt(i))) return false;
        }
        return true;
    }

    private static boolean isNameChar(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '-'
                || c == '_';
    }
}
