package dev.headgate.config;

import dev.headgate.config.source.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Validates documents against the part of JSON Schema that ours uses; a keyword that it does not know fails the test. */
final class SchemaValidator {
    private final Node.Mapping root;

    SchemaValidator(Node schema) {
        this.root = (Node.Mapping) schema;
    }

    List<String> violations(Node document) {
        List<String> violations = new ArrayList<>();
        validate(root, document, "$", violations);
        return violations;
    }

    private void validate(Node.Mapping schema, Node node, String path, List<String> violations) {
        for (Node.Entry entry : schema.entries()) {
            Node value = entry.value();
            String refusal = switch (entry.key().text()) {
                case "$schema", "$defs", "title", "description", "default" -> "";
                case "$ref" -> {
                    validate(resolve(text(value)), node, path, violations);
                    yield "";
                }
                case "type" -> hasType(value, node) ? "" : "not of type " + text(value);
                case "enum" ->
                    items(value).stream().anyMatch(each -> text(each).equals(text(node))) ? "" : "not in enum";
                case "const" -> text(value).equals(text(node)) ? "" : "not " + text(value);
                case "pattern" ->
                    Pattern.compile(text(value)).matcher(text(node)).find() ? "" : "against " + text(value);
                case "minimum" -> number(node) >= number(value) ? "" : "too small";
                case "maximum" -> number(node) <= number(value) ? "" : "too large";
                case "minItems" -> items(node).size() >= number(value) ? "" : "too few";
                case "maxItems" -> items(node).size() <= number(value) ? "" : "too many";
                case "maxProperties" -> entries(node).size() <= number(value) ? "" : "too many";
                case "required" -> missing(value, node);
                case "anyOf" -> isAny(value, node, path) ? "" : "none of the alternatives";
                case "items" -> {
                    items(node).forEach(each -> validate((Node.Mapping) value, each, path + "[]", violations));
                    yield "";
                }
                case "properties" -> {
                    validateProperties((Node.Mapping) value, node, path, violations);
                    yield "";
                }
                case "additionalProperties" -> validateFurther(schema, value, node, path, violations);
                case "propertyNames" -> {
                    entries(node).forEach(each -> validate((Node.Mapping) value, each.key(), path, violations));
                    yield "";
                }
                default ->
                    throw new IllegalStateException(
                            "unknown keyword " + entry.key().text());
            };
            if (!refusal.isEmpty()) violations.add(path + ": " + refusal);
        }
    }

    private void validateProperties(Node.Mapping properties, Node node, String path, List<String> violations) {
        for (Node.Entry entry : entries(node)) {
            Node.Entry property = properties.entry(entry.key().text());
            if (property == null) continue;
            validate(
                    (Node.Mapping) property.value(),
                    entry.value(),
                    path + "." + entry.key().text(),
                    violations);
        }
    }

    private String validateFurther(Node.Mapping schema, Node further, Node node, String path, List<String> violations) {
        for (Node.Entry entry : entries(node)) {
            Node.Entry properties = schema.entry("properties");
            if (properties != null
                    && ((Node.Mapping) properties.value()).entry(entry.key().text()) != null) continue;
            if (!(further instanceof Node.Mapping mapping))
                return "unknown property " + entry.key().text();
            validate(mapping, entry.value(), path + "." + entry.key().text(), violations);
        }
        return "";
    }

    private boolean isAny(Node alternatives, Node node, String path) {
        for (Node alternative : items(alternatives)) {
            List<String> violations = new ArrayList<>();
            validate((Node.Mapping) alternative, node, path, violations);
            if (violations.isEmpty()) return true;
        }
        return false;
    }

    private Node.Mapping resolve(String reference) {
        Node.Mapping definitions = (Node.Mapping) root.entry("$defs").value();
        return (Node.Mapping)
                definitions.entry(reference.substring("#/$defs/".length())).value();
    }

    private static String missing(Node names, Node node) {
        for (Node name : items(names)) {
            if (entries(node).stream().noneMatch(entry -> entry.key().text().equals(text(name)))) {
                return "without " + text(name);
            }
        }
        return "";
    }

    private static boolean hasType(Node type, Node node) {
        if (type instanceof Node.Sequence types) {
            return types.items().stream().anyMatch(each -> hasType(each, node));
        }
        return switch (text(type)) {
            case "object" -> node instanceof Node.Mapping;
            case "array" -> node instanceof Node.Sequence;
            case "integer", "number" -> isPlain(node) && text(node).matches("-?[0-9]+(\\.[0-9]+)?");
            case "boolean" -> isPlain(node) && text(node).matches("true|false");
            case "string" ->
                node instanceof Node.Scalar
                        && !(isPlain(node) && text(node).matches("-?[0-9]+(\\.[0-9]+)?|true|false"));
            default -> throw new IllegalStateException("unknown type " + text(type));
        };
    }

    private static boolean isPlain(Node node) {
        return node instanceof Node.Scalar scalar && scalar.plain();
    }

    private static String text(Node node) {
        return node instanceof Node.Scalar scalar ? scalar.text() : "";
    }

    private static double number(Node node) {
        String text = text(node);
        return text.matches("-?[0-9]{1,18}(\\.[0-9]+)?") ? Double.parseDouble(text) : Double.NEGATIVE_INFINITY;
    }

    private static List<Node> items(Node node) {
        return node instanceof Node.Sequence sequence ? sequence.items() : List.of();
    }

    private static List<Node.Entry> entries(Node node) {
        return node instanceof Node.Mapping mapping ? mapping.entries() : List.of();
    }
}
