package dev.headgate.config;

import dev.headgate.config.source.Node;
import dev.headgate.config.spec.Reading;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Spec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The name of an upstream, which must exist. */
record UpstreamReference(ScalarSpec<String> name) implements Spec<String> {
    @Override
    public @Nullable String read(Node node, Reading reading) {
        String text = name.read(node, reading);
        if (text != null) reading.refer(text, node.mark());
        return text;
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
        return "name of an upstream";
    }
}
