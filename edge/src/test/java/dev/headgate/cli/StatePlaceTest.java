package dev.headgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.config.Environment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatePlaceTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # told | variables                                           | where
            /told  | HEADGATE_STATE=/h STATE_DIRECTORY=/s                | /told
            told   | HOME=/u                                             | told
            ''     | HEADGATE_STATE=/h STATE_DIRECTORY=/s HOME=/u        | /h
            ''     | STATE_DIRECTORY=/s/a:/s/b XDG_STATE_HOME=/x HOME=/u | /s/a
            ''     | XDG_STATE_HOME=/x HOME=/u                           | /x/headgate
            ''     | XDG_STATE_HOME=x HOME=/u                            | /u/.local/state/headgate
            ''     | HEADGATE_STATE= HOME=/u                             | /u/.local/state/headgate
            ''     | HOME=                                               | /var/lib/headgate
            """)
    void isWhereTheProgramIsToldOrTheSystemHasAPlace(String told, String variables, String where) {
        Map<String, String> values = new HashMap<>();
        for (String variable : variables.split(" ", -1)) {
            String[] parts = variable.split("=", 2);
            values.put(parts[0], parts[1]);
        }
        assertEquals(Path.of(where), StatePlace.of(told, Environment.of(values)));
    }
}
