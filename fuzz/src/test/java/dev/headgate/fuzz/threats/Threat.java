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
 * @param advisories what befell others in the part that waits; what is proven has them with its tests
 */
record Threat(String heading, String id, String attack, String later, List<String> advisories) {
    /** Rows that can be attacked today, at least in part, in order. */
    static List<Threat> all() {
        return read("/threats/rows.txt").stream()
                .map(row -> row.of(row.column(2), row.column(3)))
                .toList();
    }

    /** Rows that wait for a feature as a whole, in order. */
    static List<Threat> waiting() {
        return read("/threats/waiting.txt").stream()
                .map(row -> row.of(row.column(3), row.column(2)))
                .toList();
    }

    private record Row(String heading, String[] columns) {
        String column(int index) {
            return index < columns.length ? columns[index].strip() : "";
        }

        Threat of(String later, String advisories) {
            List<String> list = advisories.isEmpty() ? List.of() : List.of(advisories.split(", *", -1));
            return new Threat(heading, column(0), column(1), later, list);
        }
    }

    private static List<Row> read(String resource) {
        try (InputStream stream = Objects.requireNonNull(Threat.class.getResourceAsStream(resource))) {
            return parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Row> parse(String text) {
        List<Row> rows = new ArrayList<>();
        String heading = "";
        for (String line : text.lines().toList()) {
            if (line.startsWith("= ")) {
                heading = line.substring(2);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                String[] columns = line.split("\\|", -1);
                if (columns.length < 3 || columns.length > 4) {
                    throw new IllegalArgumentException("three or four columns wanted: " + line);
                }
                rows.add(new Row(heading, columns));
            }
        }
        return rows;
    }
}
