package dev.headgate.config.spec;

import dev.headgate.config.source.Mark;
import dev.headgate.config.source.Node;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values in order; a single one may be written without list.
 *
 * @param item what each is
 * @param countMin fewest
 * @param countMax most
 * @param distinct what no two of them may share, if anything
 */
public record ListSpec<T>(Spec<T> item, int countMin, int countMax, List<Distinct<T>> distinct)
        implements Spec<List<T>> {
    /**
     * Something that no two values may share.
     *
     * @param what its name: the key under which it stands, when the values are mappings
     * @param identity empty: this value has none
     */
    public record Distinct<T>(String what, Function<T, String> identity) {}

    public ListSpec {
        distinct = List.copyOf(distinct);
    }

    /** A list without identities. */
    public ListSpec(Spec<T> item, int countMin, int countMax) {
        this(item, countMin, countMax, List.of());
    }

    /** The same list, in which no two values may share {@code what}. */
    public ListSpec<T> distinctBy(String what, Function<T, String> identity) {
        List<Distinct<T>> all = new ArrayList<>(distinct);
        all.add(new Distinct<>(what, identity));
        return new ListSpec<>(item, countMin, countMax, all);
    }

    @Override
    public @Nullable List<T> read(Node node, Reading reading) {
        if (node.isNull()) {
            reading.report(Problem.at(node.mark(), ProblemCode.WRONG_TYPE, "not a list")
                    .found(node.describe())
                    .expected(describeCount()));
            return null;
        }
        List<Node> nodes = node instanceof Node.Sequence sequence ? sequence.items() : List.of(node);
        boolean isCountFine = nodes.size() >= countMin && nodes.size() <= countMax;
        if (!isCountFine) {
            reading.report(Problem.at(node.mark(), ProblemCode.OUT_OF_RANGE, "too many or too few values")
                    .found(nodes.size() + " values")
                    .expected(describeCount()));
        }
        List<T> values = readItems(nodes, reading);
        return isCountFine && values.size() == nodes.size() ? values : null;
    }

    private String describeCount() {
        return countMin + " to " + countMax + " values, each a " + item.typeName();
    }

    private List<T> readItems(List<Node> nodes, Reading reading) {
        List<T> values = new ArrayList<>();
        List<Map<String, Mark>> seen = new ArrayList<>(); // by rule
        for (int i = 0; i < distinct.size(); i++) seen.add(new HashMap<>());
        for (Node itemNode : nodes) {
            T value = item.read(itemNode, reading);
            if (value != null) values.add(value);
            for (int i = 0; i < distinct.size(); i++) {
                checkDistinct(distinct.get(i), value, itemNode, seen.get(i), reading);
            }
        }
        return values;
    }

    private void checkDistinct(
            Distinct<T> rule, @Nullable T value, Node itemNode, Map<String, Mark> seen, Reading reading) {
        Place place = new Place(itemNode, reading).at(rule.what());
        // A value with another mistake in it still has the identity that is written there.
        String identity = value == null ? place.text() : rule.identity().apply(value);
        if (identity.isEmpty()) return;
        Mark first = seen.putIfAbsent(identity, place.mark());
        if (first == null) return;
        place.report(place.problem(ProblemCode.DUPLICATE_NAME, "the same " + rule.what() + " stands here twice")
                .found("\"" + identity + "\"")
                .expected("one of its own; the first is at line " + first.line() + ", column " + first.column()));
    }

    @Override
    public Object write(List<T> values) {
        return values.stream().map(item::write).toList();
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        Map<String, Object> itemSchema = item.schema(definitions);
        Map<String, Object> array = new LinkedHashMap<>();
        array.put("type", "array");
        array.put("items", itemSchema);
        if (countMin > 0) array.put("minItems", (long) countMin);
        array.put("maxItems", (long) countMax);
        return Map.of("anyOf", List.of(array, itemSchema));
    }

    @Override
    public String typeName() {
        return "list of " + item.typeName();
    }

    @Override
    public List<ObjectSpec<?>> objects() {
        return item.objects();
    }
}
