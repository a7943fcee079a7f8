package dev.headgate.bench.fault.origin;

import java.util.Locale;
import java.util.Optional;

/** What an origin can be told, a word to a line. */
public enum Command {
    /** Answer as an origin does that is well. */
    WELL,
    /** Answer 503 to everything, checks included. */
    FAIL,
    /** Take {@value FaultSession#SLOWNESS_MS} ms longer for everything, checks included. */
    SLOW,
    /** Break all connections, and listen no more: whoever connects is refused. */
    REFUSE,
    /** Listen again. */
    ACCEPT,
    /** Answer 503 to checks, and all else as before: an origin that is about to end, and wants no new requests. */
    DRAIN,
    /** Take no new connections, close those that are unused and the others with their next answer, and end. */
    END;

    /** The word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Command> of(String word) {
        for (Command command : values()) {
            if (command.word().equals(word)) return Optional.of(command);
        }
        return Optional.empty();
    }
}
