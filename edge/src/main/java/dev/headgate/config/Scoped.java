package dev.headgate.config;

import dev.headgate.config.source.Node;
import dev.headgate.config.spec.DerivedSpec;
import dev.headgate.config.spec.Reading;
import dev.headgate.config.spec.Spec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of something that gives only some of the part's keys a meaning.
 *
 * @param value the part, with defaults for the other keys
 * @param withheld the other keys, which are not written: whoever wrote them would be told that they are for nothing
 */
record Scoped<T>(T value, Set<String> withheld) {
    Scoped {
        withheld = Set.copyOf(withheld);
    }

    /** All keys mean something. */
    static <T> Scoped<T> whole(T value) {
        return new Scoped<>(value, Set.of());
    }

    /** How such a part is read and written. */
    record Of<T>(Spec<T> inner) implements DerivedSpec<Scoped<T>> {
        @Override
        public @Nullable Scoped<T> read(Node node, Reading reading) {
            T value = inner.read(node, reading);
            return value == null ? null : whole(value);
        }

        @Override
        public Object write(Scoped<T> scoped) {
            Object written = inner.write(scoped.value());
            if (!(written instanceof Map<?, ?> tree) || scoped.withheld().isEmpty()) return written;
            Map<Object, Object> kept = new LinkedHashMap<>(tree);
            kept.keySet().removeAll(scoped.withheld());
            return kept;
        }
    }
}
