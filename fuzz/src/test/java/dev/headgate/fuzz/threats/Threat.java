package dev.headgate.fuzz.threats;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One row of the threat table.
 *
 * @param heading of the part that it belongs to
 * @param id for example {@code H1-01}
 * @param attack what is done to the proxy
 * @param later what of it waits for a feature that is not there yet; empty for none
 */
record Threat(String heading, String id, String attack, String later) {
    private static final String ROWS = "/threats/rows.txt";

    /** All rows in order. */
    static List<Threat> all() {
        try (InputStream stream = Objects.requireNonNull(Threat.class.getResourceAsStream(ROWS))) {
            return parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Threat> parse(String text) {
        List<Threat> threats = new ArrayList<>();
        String heading = "";
        for (String line : text.lines().toList()) {
            if (line.startsWith("= ")) {
                heading = line.substring(2);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                String[] columns = line.split("\\|", -1);
                if (columns.length != 3) {
                    throw new IllegalArgumentException("three columns wanted: " + line);
                }
                threats.add(new Threat(heading, columns[0].strip(), columns[1].strip(), columns[2].strip()));
            }
        }
        return threats;
    }
}
