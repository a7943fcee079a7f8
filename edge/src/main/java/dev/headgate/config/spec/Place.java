package dev.headgate.config.spec;

import dev.headgate.config.source.Mark;
import dev.headgate.config.source.Node;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;

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

    /** The scalar that is written here, or an empty text. */
    String text() {
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
