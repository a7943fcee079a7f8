package dev.headgate.config.spec;

import dev.headgate.config.source.Node;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value written as one scalar.
 *
 * @param typeName what it is in a word or two
 * @param expected what it looks like, with an example
 * @param range its bounds for people; empty when there are none
 * @param notation from text to value, and back
 * @param schema JSON Schema of the written form, without substitution
 */
public record ScalarSpec<T>(
        String typeName, String expected, String range, Notation<T> notation, Map<String, Object> schema)
        implements Spec<T> {
    /** How a value is written. */
    @FunctionalInterface
    public interface Notation<T> {
        T parse(Value value) throws Refused;

        /** The tree's scalar for {@code value}. */
        default Object write(T value) {
            return value.toString();
        }
    }

    /**
     * A scalar after substitution.
     *
     * @param text its content
     * @param plain whether it was written without quotes, or came from a substitution
     */
    public record Value(String text, boolean plain) {}

    @Override
    public @Nullable T read(Node node, Reading reading) {
        if (!(node instanceof Node.Scalar scalar) || node.isNull()) {
            reading.report(Problem.at(node.mark(), ProblemCode.WRONG_TYPE, "not a " + typeName)
                    .found(node.describe())
                    .expected(expected));
            return null;
        }
        Value value = reading.resolve(scalar);
        if (value == null) return null;
        try {
            return notation.parse(value);
        } catch (Refused refused) {
            // What a substitution stands for may be a secret: name the reference, not the value.
            String found =
                    Substitution.isReference(scalar.text()) ? "the value of " + scalar.text() : scalar.describe();
            reading.report(Problem.at(scalar.mark(), refused.code(), refused.text())
                    .found(found)
                    .expected(refused.expected().isEmpty() ? expected : refused.expected())
                    .suggest(refused.suggestion()));
            return null;
        }
    }

    @Override
    public Object write(T value) {
        Object scalar = notation.write(value);
        return scalar instanceof String text ? Substitution.escape(text) : scalar;
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        if (schema.get("type") instanceof String type && type.equals("string") && !isConstrained()) return schema;
        definitions.putIfAbsent("substitution", Substitution.schema());
        Map<String, Object> either = new LinkedHashMap<>();
        either.put("anyOf", List.of(schema, Map.of("$ref", "#/$defs/substitution")));
        return either;
    }

    private boolean isConstrained() {
        return schema.containsKey("pattern") || schema.containsKey("enum");
    }

    /** The same text read as another value. */
    public <U> ScalarSpec<U> map(Function<T, U> to, Function<U, T> from) {
        Notation<U> mapped = new Notation<>() {
            @Override
            public U parse(Value value) throws Refused {
                return to.apply(notation.parse(value));
            }

            @Override
            public Object write(U value) {
                return notation.write(from.apply(value));
            }
        };
        return new ScalarSpec<>(typeName, expected, range, mapped, schema);
    }

    /** Also takes {@code word}, which stands for {@code meaning}. */
    public ScalarSpec<T> orWord(String word, T meaning) {
        return new ScalarSpec<>(
                typeName + " or " + word,
                expected + ", or " + word,
                range,
                new Notation<>() {
                    @Override
                    public T parse(Value value) throws Refused {
                        return value.text().equals(word) ? meaning : notation.parse(value);
                    }

                    @Override
                    public Object write(T value) {
                        return value.equals(meaning) ? word : notation.write(value);
                    }
                },
                Map.of("anyOf", List.of(schema, Map.of("const", word))));
    }
}
