package dev.headgate.bench.scenario;

/** What a scenario can want of a target, and not every target has. */
public enum Ability {
    /** It speaks HTTP/2 with clients: with prior knowledge, and chosen by ALPN over TLS. */
    HTTP_2("HTTP/2 with clients"),
    /** It speaks HTTP/2 with origins. */
    HTTP_2_ORIGIN("HTTP/2 with origins");

    private final String words;

    Ability(String words) {
        this.words = words;
    }

    /** What is spoken, for people. */
    public String words() {
        return words;
    }
}
