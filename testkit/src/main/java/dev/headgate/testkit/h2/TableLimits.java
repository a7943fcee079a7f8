package dev.headgate.testkit.h2;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;

/**
 * How large a table the server may compress with: what was set before holds until the server says that it has read the settings that lower it
 * (RFC 9113 §6.5.3). Thread-safe.
 */
final class TableLimits {
    private static final int USUAL = 4096;

    private final Deque<OptionalInt> unread = new ArrayDeque<>(); // of settings that are not acknowledged, in order
    private int acknowledged = USUAL;

    /** The client has sent settings, with a limit in them or without. */
    synchronized void onSent(OptionalInt limit) {
        unread.addLast(limit);
    }

    /** The server has acknowledged the oldest of them. */
    synchronized void onAcknowledged() {
        acknowledged = unread.removeFirst().orElse(acknowledged);
    }

    /** The largest that may hold at the moment. */
    synchronized int largest() {
        return unread.stream().flatMapToInt(OptionalInt::stream).reduce(acknowledged, Math::max);
    }
}
