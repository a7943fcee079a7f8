package dev.headgate.fuzz.differential;

import dev.headgate.testkit.peer.Field;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How another program's reading of the same bytes relates to Headgate's. Which status a refusal has does not matter. */
enum Relation {
    /** Both understood the same. */
    SAME("reads the same"),
    /** It accepts what Headgate refuses, or goes on where Headgate ends the connection. */
    LAXER("accepts"),
    /** It refuses what Headgate accepts, or ends the connection where Headgate goes on. */
    STRICTER("refuses"),
    /** Both accept, and understand different things. */
    OTHERWISE("reads otherwise");

    /** What a proxy adds, or takes away because others must not say it. */
    private static final Set<String> ABOUT_THE_WAY = Set.of("via", "forwarded", "x-request-id", "x-real-ip", Ear.TAG);

    private final String words;

    Relation(String words) {
        this.words = words;
    }

    /** As the quirk list says it. */
    String words() {
        return words;
    }

    static Relation of(Reading ours, Reading theirs) {
        if (!theirs.fault().isEmpty()) {
            return ours.hasRefusal() ? LAXER : OTHERWISE;
        }
        return of(ours.verdicts().iterator(), theirs.verdicts().iterator());
    }

    static Relation of(HeardResponse ours, HeardResponse theirs, Judge judge) {
        if (theirs.isOdd()) {
            return ours.isRefusal() ? LAXER : OTHERWISE;
        }
        if (ours.isRefusal() || theirs.isRefusal()) {
            return ours.isRefusal() == theirs.isRefusal() ? SAME : ours.isRefusal() ? LAXER : STRICTER;
        }
        boolean isSame = ours.status() == theirs.status()
                && ours.body().equals(theirs.body())
                && ours.interim().equals(theirs.interim())
                && ordinary(ours.fields()).equals(ordinary(theirs.fields()))
                && (judge.hidesTrailers() || ours.trailers().equals(theirs.trailers()));
        return isSame ? SAME : OTHERWISE;
    }

    private static Relation of(Iterator<Optional<Heard>> ours, Iterator<Optional<Heard>> theirs) {
        while (ours.hasNext() && theirs.hasNext()) {
            var our = ours.next();
            var their = theirs.next();
            if (our.isPresent() && their.isPresent() && !isSame(our.get(), their.get())) {
                return OTHERWISE;
            }
            if (our.isPresent() != their.isPresent()) {
                return our.isPresent() ? STRICTER : LAXER;
            }
            if (our.isEmpty() && ours.hasNext() != theirs.hasNext()) {
                return SAME; // Whether a connection goes on after a refusal is anybody's choice.
            }
        }
        return ofRests(ours, theirs);
    }

    private static Relation ofRests(Iterator<Optional<Heard>> ours, Iterator<Optional<Heard>> theirs) {
        if (ours.hasNext() && ours.next().isPresent()) {
            return STRICTER;
        }
        return theirs.hasNext() && theirs.next().isPresent() ? LAXER : SAME;
    }

    private static boolean isSame(Heard ours, Heard theirs) {
        return ours.method().equals(theirs.method())
                && Targets.normal(ours.target()).equals(Targets.normal(theirs.target()))
                && ours.body().equals(theirs.body())
                && ordinary(ours.fields()).equals(ordinary(theirs.fields()))
                && isSamePlace(ours, theirs);
    }

    // nginx tells host and path as it takes them, and no trailers; the others pass on what they got.
    private static boolean isSamePlace(Heard ours, Heard theirs) {
        return theirs.path() == null
                ? ours.host().equalsIgnoreCase(theirs.host()) && ours.trailers().equals(theirs.trailers())
                : Targets.hostName(ours.host()).equals(theirs.host())
                        && Targets.decodedPath(ours.target()).equals(theirs.path());
    }

    private static List<Field> ordinary(List<Field> fields) {
        return fields.stream()
                .filter(field -> !ABOUT_THE_WAY.contains(field.name()))
                .filter(field -> !field.name().startsWith("x-forwarded-"))
                .toList();
    }
}
