package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.source.Node;
import dev.headgate.config.source.NodeComposer;
import dev.headgate.config.source.SourceText;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaTest {
    private static final Node SCHEMA = compose(JsonSchema.generate());

    private static Node compose(String text) {
        return new NodeComposer(new SourceText("f", text), problem -> {}).compose();
    }

    static List<String> violations(String text) {
        return new SchemaValidator(SCHEMA).violations(compose(text));
    }

    @Test
    void isTheOneInTheDocuments() throws IOException {
        GeneratedDocument.check("headgate.schema.json", JsonSchema.generate());
    }

    @Test
    void acceptsShortFormsAndSubstitutions() {
        String text =
                Configs.listenerWith("timeouts: {header: \"${TEN}\"}, backlog: \"${N:-5}\"") + "log: {access: off}\n";
        assertEquals(List.of(), violations(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nope: 1",
                "loops: 0",
                "loops: many",
                "drain: 30",
                "drain: 30sec",
                "limits: {memory: 64MB}",
                "log: {level: loud}",
                "identity: {server: 7}",
                "limits: {connections: \"5\"}"
            })
    void refusesWhatTheProgramRefuses(String line) {
        String text = Configs.minimalWith(line + "\n");
        assertTrue(Configs.parse(text).config().isEmpty());
        assertFalse(violations(text).isEmpty());
    }
}
