package dev.headgate.config;

import dev.headgate.config.source.Node;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.DerivedSpec;
import dev.headgate.config.spec.Nearest;
import dev.headgate.config.spec.Reading;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The name of a provider of TLS, which must be there, where it is known which are. */
record ProviderName(ScalarSpec<String> inner) implements DerivedSpec<String> {
    @Override
    public @Nullable String read(Node node, Reading reading) {
        List<String> known = reading.tlsProviders();
        return (known == null ? inner : oneOf(known)).read(node, reading);
    }

    private ScalarSpec<String> oneOf(List<String> known) {
        return Scalars.text(inner.typeName(), inner.expected(), value -> {
            String text = inner.notation().parse(value);
            if (known.contains(text)) return text;
            String expected = (known.size() == 1 ? "" : "one of ") + String.join(", ", known);
            String suggestion = Nearest.suggestion(text, known);
            throw new Refused(ProblemCode.UNKNOWN_WORD, "there is no such provider of TLS", expected, suggestion);
        });
    }

    @Override
    public Object write(String value) {
        return inner.write(value);
    }
}
