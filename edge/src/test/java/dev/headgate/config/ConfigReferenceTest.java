package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.source.ProblemCode;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
    @Test
    void isTheOneInTheDocuments() throws IOException {
        GeneratedDocument.check("configuration.md", ConfigReference.generate());
    }

    @Test
    void showsAConfigurationThatWorks() {
        String reference = ConfigReference.generate();
        int start = reference.indexOf("```yaml\n") + "```yaml\n".length();
        String sample = reference.substring(start, reference.indexOf("```", start));
        assertTrue(Configs.parse(sample).problems().isEmpty());
    }

    @Test
    void explainsEveryProblemCode() {
        String reference = ConfigReference.generate();
        for (ProblemCode code : ProblemCode.values()) {
            assertTrue(reference.contains("| " + code.id() + " |"), code.id());
            assertEquals(code, ProblemCode.find(code.id()));
        }
        assertEquals(
                ProblemCode.values().length,
                Arrays.stream(ProblemCode.values())
                        .map(ProblemCode::id)
                        .distinct()
                        .count());
    }
}
