package dev.headgate.http.h2;

import java.nio.ByteBuffer;

/**
 * The priority of a response as its client sees it (RFC 9218 §4): urgency 0 to 7, the lower the sooner, and whether it can
 * be used piece by piece. Held in a byte: {@code incremental:1 urgency:3}.
 */
final class Priority {
    static final int URGENCIES = 8;

    private static final int URGENCY_DEFAULT = 3;
    private static final int URGENCY_MASK = 7;
    private static final int INCREMENTAL = 8;

    /**
     * Of a stream whose peer says nothing of priorities. RFC 9218 §4.2 would have it wait for its elders to end, which is
     * right for a page and its parts, and wrong for calls that never end: streams without a word take turns.
     */
    static final int UNSAID = URGENCY_DEFAULT | INCREMENTAL;

    private Priority() {}

    static int of(int urgency, boolean incremental) {
        return urgency | (incremental ? INCREMENTAL : 0);
    }

    static int urgency(int priority) {
        return priority & URGENCY_MASK;
    }

    static boolean isIncremental(int priority) {
        return (priority & INCREMENTAL) != 0;
    }

    /**
     * Reads a Priority field's value, a dictionary of structured fields (RFC 8941 §3.2). What is not understood counts as
     * not there, as RFC 9218 §4 demands; a member that is there twice counts as it is the last time.
     */
    static int parse(ByteBuffer source, int offset, int length) {
        int urgency = URGENCY_DEFAULT;
        boolean incremental = false;
        int end = offset + length;
        int at = offset;
        while (at < end) {
            int stop = memberEnd(source, at, end);
            while (at < stop && isBlank(source.get(at))) {
                at++;
            }
            if (at < stop && source.get(at) == 'u') {
                urgency = urgency(source, at, stop, urgency);
            } else if (at < stop && source.get(at) == 'i') {
                incremental = incremental(source, at, stop, incremental);
            }
            at = stop + 1;
        }
        return of(urgency, incremental);
    }

    /** {@code u=0} to {@code u=7}; anything behind is parameters, or makes it something else. */
    private static int urgency(ByteBuffer source, int at, int stop, int otherwise) {
        if (stop - at < 3 || source.get(at + 1) != '=' || !isOver(source, at + 3, stop)) {
            return otherwise;
        }
        int digit = source.get(at + 2) - '0';
        return digit >= 0 && digit < URGENCIES ? digit : otherwise;
    }

    /** {@code i}, {@code i=?1} or {@code i=?0}. */
    private static boolean incremental(ByteBuffer source, int at, int stop, boolean otherwise) {
        if (isOver(source, at + 1, stop)) {
            return true;
        }
        boolean isBoolean = stop - at >= 4 && source.get(at + 1) == '=' && source.get(at + 2) == '?';
        if (!isBoolean || !isOver(source, at + 4, stop)) {
            return otherwise;
        }
        byte value = source.get(at + 3);
        return value == '1' || value != '0' && otherwise;
    }

    private static boolean isOver(ByteBuffer source, int at, int stop) {
        return at == stop || isBlank(source.get(at)) || source.get(at) == ';';
    }

    private static int memberEnd(ByteBuffer source, int from, int end) {
        int at = from;
        while (at < end && source.get(at) != ',') {
            at++;
        }
        return at;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
