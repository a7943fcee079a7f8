package dev.headgate.config;

import dev.headgate.config.source.Node;
import dev.headgate.config.spec.DerivedSpec;
import dev.headgate.config.spec.Reading;
import dev.headgate.config.spec.ScalarSpec;
import org.jspecify.annotations.Nullable;

/** The name of an upstream, which must exist. */
record UpstreamReference(ScalarSpec<String> inner) implements DerivedSpec<String> {
    @Override
    public @Nullable String read(Node node, Reading reading) {
        String text = inner.read(node, reading);
        if (text != null) reading.refer(text, node.mark());
        return text;
    }

    @Override
    public Object write(String value) {
        return inner.write(value);
    }

    @Override
    public String typeName() {
        return "name of an upstream";
    }
}
