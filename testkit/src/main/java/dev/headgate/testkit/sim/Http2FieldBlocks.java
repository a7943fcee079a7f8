package dev.headgate.testkit.sim;

import static dev.headgate.testkit.sim.BrokenRule.check;

import dev.headgate.testkit.h2.FieldBlockReader;
import dev.headgate.testkit.h2.Frame;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.peer.Field;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the field sections of a connection together from their frames (RFC 9113 §4.3). */
final class Http2FieldBlocks {
    private final FieldBlockReader reader = new FieldBlockReader();
    private @Nullable ByteArrayOutputStream open;
    private int stream;
    private boolean endsStream;

    /** Any frame has come: nothing may interrupt a block. */
    void onFrame(Frame frame) {
        check((open != null) == frame.is(Frames.CONTINUATION), "within a field block, or without: ", frame);
        check(open == null || frame.streamId() == stream, "within a field block: ", frame);
    }

    /** Takes a HEADERS or CONTINUATION frame. Answers the fields once they are all there. */
    @Nullable
    List<Field> take(Frame frame) {
        ByteArrayOutputStream block = open;
        if (block == null) {
            block = new ByteArrayOutputStream();
            open = block;
            stream = frame.streamId();
            endsStream = frame.has(Frames.END_STREAM);
            block.writeBytes(frame.content());
        } else {
            block.writeBytes(frame.payload());
        }
        if (!frame.has(Frames.END_HEADERS)) {
            return null;
        }
        open = null;
        return reader.read(block.toByteArray());
    }

    /** Whether the section that came last ends its stream. */
    boolean endsStream() {
        return endsStream;
    }

    /** What the writer may let its table grow to from now on. */
    void tableLimit(int bytes) {
        reader.tableLimit(bytes);
    }
}
