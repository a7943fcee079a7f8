package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of {@code wrong-configurations.txt} is answered with exactly the text that stands there. */
class WrongConfigurationTest {
    private static final String ROW = "=== ";
    private static final String ANSWER = ">>>\n";

    record Row(String id, String configuration, String answer) {
        @Override
        public String toString() {
            return id;
        }
    }

    static List<Row> rows() throws IOException {
        String table;
        try (InputStream in = WrongConfigurationTest.class.getResourceAsStream("wrong-configurations.txt")) {
            table = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<Row> rows = new ArrayList<>();
        String[] parts = table.split("(?m)^" + ROW);
        for (int i = 1; i < parts.length; i++) { // what stands before the first row is a comment
            int idEnd = parts[i].indexOf('\n');
            int answer = parts[i].indexOf(ANSWER);
            rows.add(new Row(
                    parts[i].substring(0, idEnd),
                    parts[i].substring(idEnd + 1, answer),
                    parts[i].substring(answer + ANSWER.length())));
        }
        return rows;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void saysExactlyWhatIsWrong(Row row) {
        assertEquals(row.answer(), Configs.parse(row.configuration()).render());
    }

    @Test
    void hasAtLeastSixtyRows() throws IOException {
        assertTrue(rows().size() >= 60);
    }

    @Test
    void neverShowsWhatASubstitutionStandsFor() throws IOException {
        for (Row row : rows()) {
            assertTrue(!Configs.parse(row.configuration()).render().contains("hunter2"), row::id);
        }
    }
}
