package dev.headgate.fuzz.differential;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Valid requests that a judge refuses as a whole, by a rule of its own. Each is in the quirk list under the vector of
 * that name. That such a request is refused, and not read otherwise, is checked.
 */
enum KnownRefusal {
    /** Node knows a list of methods. */
    METHOD_UNKNOWN("method-unknown", Set.of("node"), line -> !isKnownToNode(line.method())),
    /** nginx takes methods of capitals, underscores and hyphens. */
    METHOD_MARKS(
            "method-marks",
            Set.of("nginx"),
            line -> !line.method().chars().allMatch(c -> (c >= 'A' && c <= 'Z') || c == '_' || c == '-')),
    /** nginx has no resource for the server as a whole. */
    ASTERISK("target-asterisk-options", Set.of("nginx"), line -> line.target().equals("*"));

    private static final Set<String> METHODS_OF_NODE = Set.of(
            "DELETE",
            "GET",
            "HEAD",
            "POST",
            "PUT",
            "OPTIONS",
            "COPY",
            "LOCK",
            "MKCOL",
            "MOVE",
            "PROPFIND",
            "PROPPATCH",
            "SEARCH",
            "UNLOCK",
            "BIND",
            "REBIND",
            "UNBIND",
            "ACL",
            "REPORT",
            "MKACTIVITY",
            "CHECKOUT",
            "MERGE",
            "M-SEARCH",
            "NOTIFY",
            "SUBSCRIBE",
            "UNSUBSCRIBE",
            "PATCH",
            "PURGE",
            "MKCALENDAR",
            "LINK",
            "UNLINK",
            "SOURCE");

    private final String vector;
    private final Set<String> judges;
    private final Predicate<Line> condition;

    KnownRefusal(String vector, Set<String> judges, Predicate<Line> condition) {
        this.vector = vector;
        this.judges = judges;
        this.condition = condition;
    }

    private static boolean isKnownToNode(String method) {
        return METHODS_OF_NODE.contains(method);
    }

    String vector() {
        return vector;
    }

    Set<String> judges() {
        return judges;
    }

    /** What such rules look at. */
    record Line(String method, String target) {}

    /** Whether some judge is known to refuse such a request. */
    static boolean concerns(Line line) {
        return Arrays.stream(values()).anyMatch(refusal -> refusal.condition.test(line));
    }

    /** Whether this judge is known to refuse such a request. */
    static boolean concerns(Judge judge, Line line) {
        return Arrays.stream(values())
                .anyMatch(refusal -> refusal.judges.contains(judge.name()) && refusal.condition.test(line));
    }
}
