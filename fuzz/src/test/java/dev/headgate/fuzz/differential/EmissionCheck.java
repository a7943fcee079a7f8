package dev.headgate.fuzz.differential;

import dev.headgate.testkit.Wire;
import java.util.ArrayList;
import java.util.List;

/** Holds what one judge reads in emitted bytes against what the proxy had understood when it wrote them. */
final class EmissionCheck {
    private static final int BYTES_SHOWN = 6000;

    private final String where;
    private final Judge judge;
    private final Emission emission;
    private final Reading reading;

    EmissionCheck(Judge judge, Emission emission, String where) {
        this.where = where;
        this.judge = judge;
        this.emission = emission;
        // What follows a cut-off request would be its content: there only an end may follow.
        this.reading = emission.isWhole()
                ? Reading.withNext(judge, emission.bytes())
                : Reading.withEnd(judge, emission.bytes(), emission.understood().size());
    }

    /** Fails unless every request was read as it was meant, and nothing else was. */
    void run() {
        var expected = emission.understood();
        var heard = reading.messages();
        // What a judge is known to refuse is the last request alone. What is cut off is not among those understood: a
        // judge that
        // hears one more takes it for whole.
        int lackingMax = isKnownRefusal() ? 1 : 0;
        if (!reading.fault().isEmpty()) {
            throw failure("passes on what is not canonical: " + reading.fault());
        }
        if (heard.size() > expected.size() || heard.size() < expected.size() - lackingMax) {
            throw failure("heard " + heard.size() + " requests of " + expected.size());
        }
        for (int i = 0; i < heard.size(); i++) {
            compare(i, expected.get(i), heard.get(i));
        }
        if (emission.isWhole() && isKnownRefusal() == reading.isNextHeard()) {
            throw failure(reading.isNextHeard() ? "accepts what it is known to refuse" : "does not hear what follows");
        }
    }

    private boolean isKnownRefusal() {
        if (emission.understood().isEmpty()) {
            return false;
        }
        var last = emission.understood().getLast();
        return KnownRefusal.concerns(judge, new KnownRefusal.Line(last.method(), last.target()));
    }

    private void compare(int index, Heard expected, Heard heard) {
        var differences = new ArrayList<String>();
        note(differences, "method", expected.method(), heard.method());
        note(differences, "target", expected.target(), heard.target());
        note(differences, "fields", expected.fields(), heard.fields());
        note(differences, "body", expected.body(), heard.body());
        if (judge.hidesTrailers()) {
            // nginx: tells what it takes host and path for, if a field can say it.
            note(differences, "host", Targets.hostName(expected.host()), heard.host());
            note(differences, "path", String.valueOf(expected.path()), path(expected, heard));
        } else {
            note(differences, "host", expected.host(), heard.host());
            note(differences, "trailers", expected.trailers(), heard.trailers());
        }
        if (!differences.isEmpty()) {
            throw failure("request " + index + " differs: " + differences);
        }
    }

    private static String path(Heard expected, Heard heard) {
        return String.valueOf(heard.path() == null ? expected.path() : heard.path());
    }

    private static void note(List<String> differences, String what, Object expected, Object heard) {
        if (!expected.equals(heard)) {
            differences.add(what + ": understood " + expected + ", heard " + heard);
        }
    }

    private AssertionError failure(String fact) {
        int shown = Math.min(emission.bytes().length, BYTES_SHOWN);
        return new AssertionError("%s%s %s; answered %s; emitted \"%s\""
                .formatted(where, judge.name(), fact, reading.statuses(), Wire.script(emission.bytes(), 0, shown)));
    }
}
