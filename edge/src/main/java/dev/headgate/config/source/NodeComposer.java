package dev.headgate.config.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Composes the nodes of one document from the events of a YAML 1.2 parser. It works without recursion and counts what
 * aliases stand for, so neither depth nor a billion laughs can exhaust anything.
 */
public final class NodeComposer {
    /** Longest text, in code units. */
    public static final int TEXT_LENGTH_MAX = 8 << 20;

    /** Deepest nesting of collections. */
    public static final int DEPTH_MAX = 64;

    /** Most nodes, with every alias written out. */
    public static final int WEIGHT_MAX = 1_000_000;

    private static final int BUFFER_LENGTH_MIN = 1024;
    private static final String MERGE_KEY = "<<";

    private final SourceText source;
    private final Consumer<Problem> problems;
    private final int textLengthMax;
    private final Map<Anchor, Node> anchors = new HashMap<>();
    private final Deque<Collection> open = new ArrayDeque<>();
    private @Nullable Node root;
    private boolean failed; // a problem after which the document is not usable as a whole

    public NodeComposer(SourceText source, Consumer<Problem> problems) {
        this(source, problems, TEXT_LENGTH_MAX);
    }

    NodeComposer(SourceText source, Consumer<Problem> problems, int textLengthMax) {
        this.source = source;
        this.problems = problems;
        this.textLengthMax = textLengthMax;
    }

    /** The document's root, or null when the text cannot be used at all; problems are reported on the way. */
    public @Nullable Node compose() {
        if (source.text().length() > textLengthMax) {
            fail(Problem.at(Mark.START, ProblemCode.TOO_LARGE, "the file is too large")
                    .found(source.text().length() + " characters")
                    .expected("at most " + textLengthMax + " characters"));
            return null;
        }
        try {
            // The whole text at once: a scalar longer than the buffer is copied again for each bufferful.
            LoadSettings settings = LoadSettings.builder()
                    .setCodePointLimit(textLengthMax)
                    .setBufferSize(Math.max(BUFFER_LENGTH_MIN, source.text().length()))
                    .build();
            consume(new ParserImpl(settings, new StreamReader(settings, source.text())));
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().map(NodeComposer::markOf).orElse(Mark.START);
            fail(Problem.at(mark, ProblemCode.SYNTAX, "not valid YAML: " + syntaxMessage(e))
                    .suggest(source.hasAround(mark, "${") ? "put ${...} in quotes within [ ] and { }" : ""));
        } catch (YamlEngineException e) {
            // Unprintable characters are refused before there are marks.
            fail(Problem.at(Mark.START, ProblemCode.SYNTAX, "not valid YAML: " + firstLine(e.getMessage())));
        }
        return failed ? null : root;
    }

    private void consume(Iterator<Event> events) {
        boolean documentSeen = false;
        while (!failed && events.hasNext()) {
            Event event = events.next();
            if (event instanceof DocumentStartEvent) {
                if (documentSeen) {
                    refuseYaml(startOf(event), "more than one document", "one document in a file");
                    failed = true;
                }
                documentSeen = true;
            } else if (event instanceof NodeEvent nodeEvent) {
                onNode(nodeEvent);
            } else if (event instanceof CollectionEndEvent) {
                Collection collection = open.pop();
                add(collection.anchor, collection.close());
            }
        }
    }

    private void onNode(NodeEvent event) {
        Mark mark = startOf(event);
        // No pattern switch here: at start-up it would generate a class, which an AOT cache cannot hold.
        if (event instanceof AliasEvent alias) {
            onAlias(mark, alias);
        } else if (event instanceof ScalarEvent scalar) {
            refuseTag(mark, scalar.getTag());
            add(scalar.getAnchor(), new Node.Scalar(mark, scalar.getValue(), scalar.isPlain()));
        } else if (event instanceof CollectionStartEvent start) {
            onCollectionStart(mark, start);
        } else {
            throw new IllegalStateException("unexpected event " + event);
        }
    }

    private void onAlias(Mark mark, AliasEvent alias) {
        Node target = anchors.get(alias.getAlias());
        if (target != null) {
            add(Optional.empty(), target);
        } else {
            fail(Problem.at(mark, ProblemCode.SYNTAX, "the alias refers to no anchor before it")
                    .found("*" + alias.getAlias()));
        }
    }

    private void onCollectionStart(Mark mark, CollectionStartEvent start) {
        refuseTag(mark, start.getTag());
        if (open.size() == DEPTH_MAX) {
            fail(Problem.at(mark, ProblemCode.TOO_LARGE, "nested too deep")
                    .expected("at most " + DEPTH_MAX + " levels"));
            return;
        }
        open.push(
                start instanceof MappingStartEvent
                        ? new OpenMapping(mark, start.getAnchor())
                        : new OpenSequence(mark, start.getAnchor()));
    }

    private void refuseTag(Mark mark, Optional<String> tag) {
        // "!" alone only says "not plain", which quotes say as well.
        if (tag.isPresent() && !tag.get().equals("!")) refuseYaml(mark, "the tag " + tag.get(), "a value without tag");
    }

    private void add(Optional<Anchor> anchor, Node node) {
        if (anchor.isPresent()) anchors.put(anchor.get(), node);
        Collection parent = open.peek();
        if (parent == null) {
            root = node;
            return;
        }
        parent.add(node);
        if (parent.weight > WEIGHT_MAX) {
            fail(Problem.at(node.mark(), ProblemCode.TOO_LARGE, "too many values")
                    .expected("at most " + WEIGHT_MAX + " values, with aliases written out"));
        }
    }

    private void refuseYaml(Mark mark, String what, String expected) {
        problems.accept(Problem.at(mark, ProblemCode.UNSUPPORTED_YAML, what + " is not supported")
                .expected(expected));
    }

    private void fail(Problem problem) {
        failed = true;
        problems.accept(problem);
    }

    private static Mark startOf(Event event) {
        var mark = event.getStartMark();
        return mark.isPresent() ? markOf(mark.get()) : Mark.START;
    }

    private static Mark markOf(org.snakeyaml.engine.v2.exceptions.Mark mark) {
        return new Mark(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static String syntaxMessage(MarkedYamlEngineException e) {
        String context = e.getContext();
        String problem = firstLine(e.getProblem());
        return context == null ? problem : firstLine(context) + ", " + problem;
    }

    private static String firstLine(@Nullable String text) {
        return text == null
                ? "unreadable"
                : Printable.of(text.lines().findFirst().orElse("unreadable"));
    }

    /** A collection whose end has not come yet. */
    private abstract static class Collection {
        final Mark mark;
        final Optional<Anchor> anchor;
        int weight = 1;

        Collection(Mark mark, Optional<Anchor> anchor) {
            this.mark = mark;
            this.anchor = anchor;
        }

        /** Both summands are bounded by {@link #WEIGHT_MAX}, so the sum cannot overflow. */
        void add(Node node) {
            weight += node.weight();
        }

        abstract Node close();
    }

    private static final class OpenSequence extends Collection {
        private final List<Node> items = new ArrayList<>();

        OpenSequence(Mark mark, Optional<Anchor> anchor) {
            super(mark, anchor);
        }

        @Override
        void add(Node node) {
            super.add(node);
            items.add(node);
        }

        @Override
        Node close() {
            return new Node.Sequence(mark, items, weight);
        }
    }

    private final class OpenMapping extends Collection {
        private final Map<String, Node.Entry> entries = new LinkedHashMap<>();
        private Node.@Nullable Scalar key; // waiting for its value
        private boolean keyRefused; // the value that follows is dropped

        OpenMapping(Mark mark, Optional<Anchor> anchor) {
            super(mark, anchor);
        }

        @Override
        void add(Node node) {
            super.add(node);
            if (keyRefused) {
                keyRefused = false;
            } else if (key == null) {
                onKey(node);
            } else {
                entries.put(key.text(), new Node.Entry(key, node));
                key = null;
            }
        }

        private void onKey(Node node) {
            if (!(node instanceof Node.Scalar scalar)) {
                refuseYaml(node.mark(), "a collection as key", "a plain word as key");
                keyRefused = true;
            } else if (scalar.plain() && scalar.text().equals(MERGE_KEY)) {
                refuseYaml(node.mark(), "the merge key <<", "the keys themselves, or an alias for a whole value");
                keyRefused = true;
            } else if (entries.containsKey(scalar.text())) {
                Mark first = entries.get(scalar.text()).key().mark();
                problems.accept(Problem.at(scalar.mark(), ProblemCode.DUPLICATE_KEY, "the key stands here twice")
                        .found(scalar.describe())
                        .expected("one value; the first is at line " + first.line() + ", column " + first.column()));
                keyRefused = true;
            } else {
                key = scalar;
            }
        }

        @Override
        Node close() {
            return new Node.Mapping(mark, List.copyOf(entries.values()), weight);
        }
    }
}
