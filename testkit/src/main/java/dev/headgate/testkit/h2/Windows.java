package dev.headgate.testkit.h2;

import java.util.HashMap;
import java.util.Map;

/**
 * What a side may send, as the frames that went by say (RFC 9113 §6.9): of the connection, and of each stream.
 */
final class Windows {
    private final Map<Integer, Long> streams = new HashMap<>();
    private long connection = Frames.WINDOW_DEFAULT;
    private int initial = Frames.WINDOW_DEFAULT;

    long connection() {
        return connection;
    }

    long stream(int id) {
        return streams.getOrDefault(id, (long) initial);
    }

    int initial() {
        return initial;
    }

    /** Another initial size: all streams change by the difference (RFC 9113 §6.9.2). */
    void initial(int bytes) {
        int change = bytes - initial;
        initial = bytes;
        streams.replaceAll((_, window) -> window + change);
    }

    void send(int id, int bytes) {
        connection -= bytes;
        streams.merge(id, (long) initial - bytes, (window, _) -> window - bytes);
    }

    void update(int id, int bytes) {
        if (id == 0) {
            connection += bytes;
        } else {
            streams.merge(id, (long) initial + bytes, (window, _) -> window + bytes);
        }
    }
}
