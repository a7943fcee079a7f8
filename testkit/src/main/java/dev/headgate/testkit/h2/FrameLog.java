package dev.headgate.testkit.h2;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last frames of both directions, for messages of failures. Any thread. */
final class FrameLog {
    private static final int LINES_MAX = 80;

    private final Deque<String> lines = new ArrayDeque<>();
    private long left;

    synchronized void sent(Frame frame) {
        add("  > " + frame);
    }

    synchronized void received(Frame frame) {
        add("  < " + frame);
    }

    synchronized void note(String what) {
        add("    " + what);
    }

    private void add(String line) {
        lines.add(line);
        if (lines.size() > LINES_MAX) {
            lines.remove();
            left++;
        }
    }

    @Override
    public synchronized String toString() {
        String before = left == 0 ? "" : "  (" + left + " before)\n";
        return before + String.join("\n", lines);
    }
}
