package dev.headgate.testkit.sim;

import dev.headgate.testkit.h2.Frames;
import java.util.ArrayList;
import java.util.List;

/**
 * What a SETTINGS frame of a peer says; −1 where it says nothing of it.
 *
 * @param initialWindow of each stream
 * @param tableBytes that field blocks may be compressed with
 * @param frameBytes longest payload of a frame
 * @param streams that may be open at a time
 * @param offersTunnels whether it says that extended CONNECT is taken (RFC 8441 §3)
 */
record Http2Settings(int initialWindow, int tableBytes, int frameBytes, int streams, boolean offersTunnels) {
    /** What the frame has, with further entries at its end. */
    byte[] frame(int... more) {
        var entries = new ArrayList<Integer>();
        add(entries, Frames.HEADER_TABLE_SIZE, tableBytes);
        add(entries, Frames.INITIAL_WINDOW_SIZE, initialWindow);
        add(entries, Frames.MAX_FRAME_SIZE, frameBytes);
        add(entries, Frames.MAX_CONCURRENT_STREAMS, streams);
        add(entries, Frames.ENABLE_CONNECT_PROTOCOL, offersTunnels ? 1 : -1);
        for (int number : more) {
            entries.add(number);
        }
        return Frames.settings(entries.stream().mapToInt(Integer::intValue).toArray());
    }

    private static void add(List<Integer> entries, int id, int value) {
        if (value >= 0) {
            entries.addAll(List.of(id, value));
        }
    }
}
