package dev.headgate.config.source;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of a document that knows where it stands. */
public sealed interface Node {
    /** Where it begins. */
    Mark mark();

    /** Nodes in it, itself included, with every alias counted as what it stands for. */
    int weight();

    /** What it is, for a message: a scalar as it is written, a collection by its kind. */
    String describe();

    /** Whether nothing is written here: an empty value, {@code null} or {@code ~}. */
    default boolean isNull() {
        return false;
    }

    /**
     * One value.
     *
     * @param text content without quotes
     * @param plain whether it is written without quotes, so that numbers and words mean themselves
     */
    record Scalar(Mark mark, String text, boolean plain) implements Node {
        private static final int DESCRIBED_LENGTH_MAX = 60;

        @Override
        public int weight() {
            return 1;
        }

        @Override
        public boolean isNull() {
            return plain
                    && switch (text) {
                        case "", "~", "null", "Null", "NULL" -> true;
                        default -> false;
                    };
        }

        @Override
        public String describe() {
            if (isNull()) return "nothing";
            if (text.length() <= DESCRIBED_LENGTH_MAX) return quoted(text);
            return quoted(text.substring(0, DESCRIBED_LENGTH_MAX)) + "...";
        }

        private String quoted(String content) {
            return isSelfDescribing() ? content : "\"" + Printable.of(content) + "\"";
        }

        /** Numbers and booleans stand in a message as they are, everything else between quotes. */
        private boolean isSelfDescribing() {
            if (!plain) return false;
            if (text.equals("true") || text.equals("false")) return true;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if ((c < '0' || c > '9') && c != '.' && !(c == '-' && i == 0)) return false;
            }
            return true;
        }
    }

    /** Values in order. */
    record Sequence(Mark mark, List<Node> items, int weight) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String describe() {
            return "a list";
        }
    }

    /** Keys with values, in order, without duplicates. */
    record Mapping(Mark mark, List<Entry> entries, int weight) implements Node {
        public Mapping {
            entries = List.copyOf(entries);
        }

        /** The entry of {@code key}, or null. */
        public @Nullable Entry entry(String key) {
            for (Entry entry : entries) {
                if (entry.key().text().equals(key)) return entry;
            }
            return null;
        }

        @Override
        public String describe() {
            return "a mapping";
        }
    }

    /** One key with its value. */
    record Entry(Scalar key, Node value) {}
}
