package dev.headgate.config.spec;

import dev.headgate.config.source.Node;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping with known keys. Declared once, like this:
 *
 * <pre>{@code
 * var spec = ObjectSpec.<Pool>named("pool", "What is kept open.");
 * var idle = spec.withDefault("idle", Scalars.count(0, 4096), 64, "Unused connections kept.");
 * return spec.build(new Shape<>() {
 *     public Pool make(Values<Pool> values) {
 *         return new Pool(values.get(idle));
 *     }
 *
 *     public void split(Pool pool, Values<Pool> values) {
 *         values.put(idle, pool.idle());
 *     }
 * });
 * }</pre>
 *
 * @param <T> the object in memory
 */
public final class ObjectSpec<T> implements Spec<T> {
    private final String name;
    private final String doc;
    private final List<Key<T, ?>> keys;
    private final Map<String, Absent> absent;
    private final Shape<T> shape;

    private ObjectSpec(Builder<T> builder, Shape<T> shape) {
        this.name = builder.name;
        this.doc = builder.doc;
        this.keys = List.copyOf(builder.keys);
        this.absent = Map.copyOf(builder.absent);
        this.shape = shape;
    }

    /** Begins a declaration; {@code name} is unique in the language. */
    public static <T> Builder<T> named(String name, String doc) {
        return new Builder<>(name, doc);
    }

    /** The object as an empty mapping gives it; there must be no required key. */
    public T defaults() {
        Values<T> values = new Values<>();
        for (Key<T, ?> key : keys) {
            if (key.absence() == Key.Absence.REFUSED) throw new IllegalStateException(name + " needs " + key.name());
            putDefault(key, values);
        }
        return shape.make(values);
    }

    private static <T, V> void putDefault(Key<T, V> key, Values<T> values) {
        V value = key.defaultValue();
        if (value != null) values.put(key, value);
    }

    @Override
    public @Nullable T read(Node node, Reading reading) {
        if (!(node instanceof Node.Mapping mapping)) {
            reading.report(Problem.at(node.mark(), ProblemCode.WRONG_TYPE, name + " is no mapping")
                    .found(node.describe())
                    .expected("a mapping with keys " + keyList()));
            return null;
        }
        reportUnknownKeys(mapping, reading);
        Values<T> values = new Values<>();
        Outcome worst = Outcome.FINE;
        for (Key<T, ?> key : keys) {
            Outcome outcome = readKey(key, mapping, values, reading);
            if (outcome.compareTo(worst) > 0) worst = outcome;
        }
        if (worst == Outcome.LOST) return null;
        T object = shape.make(values);
        // A check that met a stand-in would complain about what nobody wrote.
        if (worst == Outcome.FINE) shape.check(object, new Place(mapping, reading));
        return object;
    }

    /** How reading a key went, from good to bad. */
    private enum Outcome {
        FINE,
        /** A mistake was reported; the default stands in, so that reading can go on to the next mistake. */
        STOOD_IN,
        /** A mistake was reported, and there is nothing to go on with. */
        LOST
    }

    private <V> Outcome readKey(Key<T, V> key, Node.Mapping mapping, Values<T> values, Reading reading) {
        Node.Entry entry = mapping.entry(key.name());
        if (entry == null) {
            if (key.absence() == Key.Absence.REFUSED) {
                reading.report(
                        Problem.at(mapping.mark(), ProblemCode.MISSING_KEY, "the key " + key.name() + " is missing")
                                .expected(key.name() + ": " + key.spec().typeName()));
                return Outcome.LOST;
            }
            putDefault(key, values);
            return Outcome.FINE;
        }
        V value = key.spec().read(entry.value(), reading);
        if (value == null) {
            putDefault(key, values);
            return key.absence() == Key.Absence.REFUSED ? Outcome.LOST : Outcome.STOOD_IN;
        }
        if (key.isRelaxedBy(value)) reportRelaxed(key, entry, reading);
        values.put(key, value);
        return Outcome.FINE;
    }

    private static void reportRelaxed(Key<?, ?> key, Node.Entry entry, Reading reading) {
        reading.report(Problem.at(
                        entry.value().mark(),
                        ProblemCode.RELAXED_LIMIT,
                        key.name() + " is wider than its default of " + key.usual())
                .found(entry.value().describe()));
    }

    private void reportUnknownKeys(Node.Mapping mapping, Reading reading) {
        List<String> known = keyNames();
        for (Node.Entry entry : mapping.entries()) {
            String text = entry.key().text();
            if (known.contains(text)) continue;
            Absent reason = absent.get(text);
            if (reason != null) {
                reading.report(Problem.at(entry.key().mark(), ProblemCode.UNKNOWN_KEY, reason.why())
                        .found(entry.key().describe())
                        .suggest(reason.instead()));
                continue;
            }
            reading.report(Problem.at(entry.key().mark(), ProblemCode.UNKNOWN_KEY, "unknown key in " + name)
                    .found(entry.key().describe())
                    .expected("one of " + keyList())
                    .suggest(suggestionFor(text, known)));
        }
    }

    private String suggestionFor(String text, List<String> known) {
        String suggestion = Nearest.suggestion(text, known);
        if (!suggestion.isEmpty()) return suggestion;
        for (Key<T, ?> key : keys) {
            for (ObjectSpec<?> inner : key.spec().objects()) {
                if (inner.keys.stream().anyMatch(innerKey -> innerKey.name().equals(text))) {
                    return "did you mean " + text + " under " + key.name() + "?";
                }
            }
        }
        return "";
    }

    private String keyList() {
        return String.join(", ", keyNames());
    }

    private List<String> keyNames() {
        List<String> names = new ArrayList<>(keys.size());
        for (Key<T, ?> key : keys) names.add(key.name());
        return names;
    }

    @Override
    public Object write(T object) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Values<T> values = new Values<>();
        shape.split(object, values);
        for (Key<T, ?> key : keys) {
            Object value = key.writtenValueIn(values);
            if (value != null) tree.put(key.name(), value);
        }
        return tree;
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        if (!definitions.containsKey(name)) {
            definitions.put(name, Map.of()); // keeps its place while the parts are put behind it
            definitions.put(name, objectSchema(definitions));
        }
        return Map.of("$ref", "#/$defs/" + name);
    }

    private Map<String, Object> objectSchema(Map<String, Object> definitions) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<Object> required = new ArrayList<>();
        for (Key<T, ?> key : keys) {
            Map<String, Object> property = new LinkedHashMap<>();
            property.put("description", key.doc());
            property.putAll(key.spec().schema(definitions));
            Object usual = key.writtenDefault();
            if (usual != null) property.put("default", usual);
            properties.put(key.name(), property);
            if (key.absence() == Key.Absence.REFUSED) required.add(key.name());
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("description", doc);
        schema.put("additionalProperties", false);
        if (!required.isEmpty()) schema.put("required", required);
        schema.put("properties", properties);
        return schema;
    }

    @Override
    public String typeName() {
        return name;
    }

    @Override
    public List<ObjectSpec<?>> objects() {
        return List.of(this);
    }

    /** Its place in the reference. */
    public String name() {
        return name;
    }

    /** What it is, in a sentence. */
    public String doc() {
        return doc;
    }

    /** Its keys, described one by one in the order of their declaration. */
    public List<KeyDescription> describeKeys() {
        List<KeyDescription> descriptions = new ArrayList<>();
        for (Key<T, ?> key : keys) {
            descriptions.add(new KeyDescription(
                    key.name(),
                    key.spec().typeName(),
                    key.spec().range(),
                    key.absence() == Key.Absence.REFUSED,
                    key.writtenDefault(),
                    key.doc(),
                    key.spec().objects()));
        }
        return descriptions;
    }

    /**
     * A key as the reference shows it.
     *
     * @param writtenDefault null when it has none
     * @param objects what may stand in it
     */
    public record KeyDescription(
            String name,
            String typeName,
            String range,
            boolean isRequired,
            @Nullable Object writtenDefault,
            String doc,
            List<ObjectSpec<?>> objects) {}

    /** A key that people look for, and that is not there for a reason. */
    private record Absent(String why, String instead) {}

    /** A declaration in progress. */
    public static final class Builder<T> {
        private final String name;
        private final String doc;
        private final List<Key<T, ?>> keys = new ArrayList<>();
        private final Map<String, Absent> absent = new LinkedHashMap<>();

        private Builder(String name, String doc) {
            this.name = name;
            this.doc = doc;
        }

        /** A key that must be there. */
        public <V> Key<T, V> required(String name, Spec<V> spec, String doc) {
            return add(new Key<>(name, spec, doc, Key.Absence.REFUSED, null));
        }

        /** A key that has a default. */
        public <V> Key<T, V> withDefault(String name, Spec<V> spec, V defaultValue, String doc) {
            return add(new Key<>(name, spec, doc, Key.Absence.DEFAULTED, defaultValue));
        }

        /** A key without which the object does something else. */
        public <V> Key<T, V> optional(String name, Spec<V> spec, String doc) {
            return add(new Key<>(name, spec, doc, Key.Absence.MEANINGFUL, null));
        }

        /** A key that there is not, on purpose: whoever writes it is told why, and what to do instead. */
        public void absent(String name, String why, String instead) {
            absent.put(name, new Absent(why, instead));
        }

        private <V> Key<T, V> add(Key<T, V> key) {
            keys.add(key);
            return key;
        }

        /** Ends the declaration; {@code shape} makes the object from its keys. */
        public ObjectSpec<T> build(Shape<T> shape) {
            return new ObjectSpec<>(this, shape);
        }
    }
}
