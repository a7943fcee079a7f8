package dev.headgate.config;

import dev.headgate.config.source.TreeWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prints a configuration in its own language. */
public final class ConfigPrinter {
    private ConfigPrinter() {}

    /** {@code config} with every default written out; it reads back as an equal value. */
    public static String effective(ProxyConfig config) {
        Map<String, Object> tree = new LinkedHashMap<>();
        if (Language.DOCUMENT.write(config) instanceof Map<?, ?> keys) {
            keys.forEach((key, value) -> tree.put(String.valueOf(key), value));
        }
        return TreeWriter.yaml(tree);
    }
}
