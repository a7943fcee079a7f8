package dev.headgate.fuzz.differential;

import dev.headgate.testkit.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One entry of the published corpus.
 *
 * @param name unique in its file
 * @param section the RFC section that decides how to read it
 * @param method of the request that a response answers; empty where the vector is requests
 * @param script its bytes, in the notation of {@link Wire}
 * @param outcome what Headgate makes of it
 */
record Vector(String name, String section, String method, String script, String outcome) {
    private static final Pattern HEADING = Pattern.compile("== (\\S+) \\| ([^|]+?)(?: \\| (\\S+))?");
    private static final String OUTCOME = "-> ";

    byte[] wire() {
        return Wire.bytes(script);
    }

    /** All vectors of a file in the resources of this package. */
    static List<Vector> of(String resource) {
        var vectors = new ArrayList<Vector>();
        for (String entry : text(resource).split("\n(?==)", -1)) {
            if (entry.startsWith("==")) {
                vectors.add(parse(entry));
            }
        }
        return vectors;
    }

    static String text(String resource) {
        try (var in = Objects.requireNonNull(Vector.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Vector parse(String entry) {
        String[] lines = entry.split("\n", -1);
        var heading = HEADING.matcher(lines[0]);
        if (!heading.matches()) {
            throw new IllegalArgumentException("no heading: " + lines[0]);
        }
        String method = Objects.requireNonNullElse(heading.group(3), "");
        var script = new StringBuilder();
        String outcome = "";
        for (String line : List.of(lines).subList(1, lines.length)) {
            if (line.startsWith(OUTCOME)) {
                outcome = line.substring(OUTCOME.length());
            } else {
                script.append(line);
            }
        }
        return new Vector(heading.group(1), heading.group(2), method, script.toString(), outcome);
    }

    @Override
    public String toString() {
        return name;
    }
}
