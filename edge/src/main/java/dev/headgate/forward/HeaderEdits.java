package dev.headgate.forward;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.Immutable;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes to a head that an operator asked for, in this order: remove, set (which replaces all lines of the name), add.
 *
 * <p>Refused are the names on which framing, connection handling and forwarding rest: an edit there would let a message
 * mean one thing to us and another to the peer, or forge what an origin relies upon.
 */
@HotPath
@Immutable
public final class HeaderEdits {
    /** Changes nothing. */
    public static final HeaderEdits NONE = builder().build();

    private static final Set<String> PROTECTED_NAMES = Set.of(
            // Framing, connection and target (RFC 9110 §7.6.1, §7.2, §8.6, §10.1.1; RFC 9112 §6)
            "connection",
            "content-length",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            // Written by forwarding
            "forwarded",
            "via",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-proto",
            "x-request-id");

    /** A name as it is looked for. */
    private static final class Name {
        final int id; // or Field.UNKNOWN
        final byte[] lower;

        Name(String name) {
            id = Field.idOf(name);
            lower = name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        }

        void removeFrom(FieldSection fields) {
            if (id == Field.UNKNOWN) {
                fields.removeAll(lower);
            } else {
                fields.removeAll(id);
            }
        }
    }

    /** A line to be written. */
    private static final class Line {
        final int id; // or Field.UNKNOWN
        final byte[] name;
        final byte[] value;

        Line(String name, String value) {
            id = Field.idOf(name);
            this.name = name.getBytes(StandardCharsets.US_ASCII);
            this.value = value.getBytes(StandardCharsets.ISO_8859_1);
        }

        boolean isNamed(String other) {
            return new String(name, StandardCharsets.US_ASCII).equalsIgnoreCase(other);
        }

        int bytes() {
            return FieldLine.ofName(name.length) + value.length;
        }

        boolean addTo(FieldSection fields) {
            return id == Field.UNKNOWN ? fields.add(name, value) : fields.add(id, value, 0, value.length);
        }
    }

    private final Name[] removals; // of the names to remove, then of those to set
    private final Line[] lines; // of set, then of add
    private final int addedBytes;

    private HeaderEdits(Builder builder) {
        removals = builder.removals.toArray(new Name[0]);
        List<Line> all = new ArrayList<>(builder.set);
        all.addAll(builder.add);
        lines = all.toArray(new Line[0]);
        int bytes = 0;
        for (Line line : lines) {
            bytes += line.bytes();
        }
        addedBytes = bytes;
    }

    /** Starts with no edits. */
    public static Builder builder() {
        return new Builder();
    }

    /** Why a field of this name cannot be edited, as a sentence for an operator, or null when it can. */
    public static @Nullable String nameError(String name) {
        if (!FieldSyntax.isToken(name.getBytes(StandardCharsets.UTF_8))) {
            return "not a field name: " + name;
        }
        return PROTECTED_NAMES.contains(name.toLowerCase(Locale.ROOT))
                ? name + " is written by the proxy itself and cannot be edited"
                : null;
    }

    /** Why this cannot be a field value, as a sentence for an operator, or null when it can. */
    public static @Nullable String valueError(String value) {
        if (value.chars().anyMatch(c -> c > 0xff)) {
            return "a field value is written in ISO-8859-1";
        }
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        return FieldSyntax.isValue(bytes, 0, bytes.length)
                ? null
                : "a field value has no control characters and no blank at either end";
    }

    /** Whether {@link #apply} changes nothing. */
    public boolean isEmpty() {
        return removals.length == 0 && lines.length == 0;
    }

    /** The bytes that {@link #apply} appends to the store. */
    public int addedBytes() {
        return addedBytes;
    }

    /**
     * Edits the fields of a retained head.
     *
     * @return false, with nothing changed, when the store has less room than {@link #addedBytes}
     */
    public boolean apply(FieldSection fields) {
        if (FieldLine.room(fields) < addedBytes) {
            return false;
        }
        for (Name name : removals) {
            name.removeFrom(fields);
        }
        boolean isDone = true;
        for (Line line : lines) {
            isDone &= line.addTo(fields);
        }
        return isDone;
    }

    /** Collects edits; names in any case. Every method throws {@link IllegalArgumentException} for what cannot be. */
    public static final class Builder {
        private final List<Name> removals = new ArrayList<>();
        private final List<Line> set = new ArrayList<>();
        private final List<Line> add = new ArrayList<>();

        private Builder() {}

        /** Leaves out every line of this name. */
        public Builder remove(String name) {
            require(nameError(name));
            removals.add(new Name(name));
            return this;
        }

        /** Writes one line in place of every line of this name; the last call for a name counts. */
        public Builder set(String name, String value) {
            require(nameError(name));
            require(valueError(value));
            removals.add(new Name(name));
            set.removeIf(line -> line.isNamed(name));
            set.add(new Line(name, value));
            return this;
        }

        /** Writes a line beside those of this name. */
        public Builder add(String name, String value) {
            require(nameError(name));
            require(valueError(value));
            add.add(new Line(name, value));
            return this;
        }

        public HeaderEdits build() {
            return new HeaderEdits(this);
        }

        private static void require(@Nullable String error) {
            if (error != null) {
                throw new IllegalArgumentException(error);
            }
        }
    }
}
