package dev.headgate.testkit.peer;

/** The head of a request as an origin received it. */
public record Request(String method, String target, String version, Fields fields) {
    /** Method and target, for comparison with a table: {@code "GET /x"}. */
    public String line() {
        return method + " " + target;
    }
}
