package dev.headgate.config.spec;

import dev.headgate.config.source.Mark;
import dev.headgate.config.source.Node;
import dev.headgate.config.source.NodeComposer;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.source.SourceText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where an object stands, for checks that look at several of its keys. */
public final class Place {
    private final Node node;
    private final Reading reading;

    Place(Node node, Reading reading) {
        this.node = node;
        this.reading = reading;
    }

    /** Whether {@code key} is written there. */
    public boolean has(String key) {
        return node instanceof Node.Mapping mapping && mapping.entry(key) != null;
    }

    /** Where the value of {@code key} stands, or the object when the key is not written. */
    public Place at(String key) {
        Node.Entry entry = node instanceof Node.Mapping mapping ? mapping.entry(key) : null;
        return entry == null ? this : new Place(entry.value(), reading);
    }

    /** Where the key itself stands, or the object when it is not written. */
    public Mark markOfKey(String key) {
        Node.Entry entry = node instanceof Node.Mapping mapping ? mapping.entry(key) : null;
        return entry == null ? node.mark() : entry.key().mark();
    }

    /** Where item {@code index} of this list stands, or the list itself. */
    public Place item(int index) {
        if (node instanceof Node.Sequence sequence && index < sequence.items().size()) {
            return new Place(sequence.items().get(index), reading);
        }
        return this;
    }

    /** Hears what another document holds: its root, null when it is empty, and where to report mistakes in it. */
    @FunctionalInterface
    public interface DocumentReader {
        void read(@Nullable Node root, Reading reading);
    }

    /**
     * Reads another document, whose mistakes are told with their places in it; nothing is read from one that is not valid YAML.
     *
     * @throws IOException when the file cannot be read
     */
    public void readInto(String path, DocumentReader reader) throws IOException {
        SourceText source = new SourceText(path, reading.readFile(path));
        List<Problem> mistakes = new ArrayList<>();
        Node root = new NodeComposer(source, mistakes::add).compose();
        mistakes.forEach(each -> reading.report(each.in(source)));
        if (root != null || mistakes.isEmpty()) {
            reader.read(root, reading.in(source));
        }
    }

    /** The scalar that is written here, or an empty text. */
    public String text() {
        return node instanceof Node.Scalar scalar ? scalar.text() : "";
    }

    public Mark mark() {
        return node.mark();
    }

    /** A problem here, to be completed and given to {@link #report}. */
    public Problem problem(ProblemCode code, String message) {
        return Problem.at(node.mark(), code, message);
    }

    public void report(Problem problem) {
        reading.report(problem);
    }
}
