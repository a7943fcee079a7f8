package dev.headgate.config;

import dev.headgate.config.source.Node;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Nearest;
import dev.headgate.config.spec.Reading;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Spec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The name of a provider of TLS, which must be there, where it is known which are. */
record ProviderName(ScalarSpec<String> name) implements Spec<String> {
    @Override
    public @Nullable String read(Node node, Reading reading) {
        List<String> known = reading.tlsProviders();
        return (known == null ? name : oneOf(known)).read(node, reading);
    }

    private ScalarSpec<String> oneOf(List<String> known) {
        return Scalars.text(name.typeName(), name.expected(), value -> {
            String text = name.notation().parse(value);
            if (known.contains(text)) return text;
            String expected = (known.size() == 1 ? "" : "one of ") + String.join(", ", known);
            String suggestion = Nearest.suggestion(text, known);
            throw new Refused(ProblemCode.UNKNOWN_WORD, "there is no such provider of TLS", expected, suggestion);
        });
    }

    @Override
    public Object write(String value) {
        return name.write(value);
    }

    @Override
    public Map<String, Object> schema(Map<String, Object> definitions) {
        return name.schema(definitions);
    }

    @Override
    public String typeName() {
        return name.typeName();
    }
}
