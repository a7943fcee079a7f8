package dev.headgate.testkit.peer;

/** One field line as it was received: name in its own spelling, value without surrounding white space. */
public record Field(String name, String value) {
    @Override
    public String toString() {
        return name + ": " + value;
    }
}
