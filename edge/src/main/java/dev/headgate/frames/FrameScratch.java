package dev.headgate.frames;

import dev.headgate.engine.Connection;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.h2.Http2Outbox;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What the outboxes of a loop share: room for a frame when there is no memory, and the places where the DATA frames of one long
 * piece of content come together, to leave in one write uncopied.
 */
@HotPath
@LoopConfined
public final class FrameScratch {
    /**
     * Frames that leave together: with the 16 KiB that a frame has as a rule, what a connection may have waiting to be sent before it counts as
     * slow. More of them would save little, and could fill what a connection may have waiting at all.
     */
    static final int FRAMES_MAX = 4;

    private static final int PIECES = 1 + 2 * FRAMES_MAX;
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final ByteBuffer single;
    private final ByteBuffer[] headers = new ByteBuffer[FRAMES_MAX];
    private final BufferViews payloads = new BufferViews(FRAMES_MAX);
    private final ByteBuffer[] pieces = new ByteBuffer[PIECES]; // the first is for what has gathered before
    private int frames;

    static {
        assert PIECES <= Connection.PIECES_MAX;
    }

    /** @param single of the loop, with room for any frame but heads; used within one call */
    public FrameScratch(ByteBuffer single) {
        this.single = single;
        for (int i = 0; i < FRAMES_MAX; i++) {
            headers[i] = ByteBuffer.allocateDirect(Http2Outbox.FRAME_BYTES_MIN);
        }
        Arrays.fill(pieces, NOTHING);
    }

    /** Room for one frame, which is sent before anything else is. */
    ByteBuffer single() {
        return single.clear();
    }

    /** Where the header of the next frame goes; {@link #add} follows, and then the next. */
    ByteBuffer header() {
        return headers[frames].clear();
    }

    /**
     * Adds a frame of the header and of {@code payload}, which is left empty while its bytes are still lent.
     *
     * @return whether it was the last one that there is room for
     */
    boolean add(ByteBuffer payload) {
        pieces[1 + 2 * frames] = headers[frames].flip();
        pieces[2 + 2 * frames] = payloads.of(payload, frames);
        payload.position(payload.limit());
        frames++;
        return frames == FRAMES_MAX;
    }

    /** Nothing is here, whatever has become of what was. */
    void clear() {
        frames = 0;
    }

    /** Whether no frame is here. */
    boolean isEmpty() {
        return frames == 0;
    }

    /** Writes {@code before} and the frames; answers as {@link Connection#write(ByteBuffer)} does. */
    boolean write(Connection connection, ByteBuffer before) {
        int count = 1 + 2 * frames;
        frames = 0;
        return write(connection, before, count);
    }

    /** Writes {@code before} and {@code payload}. */
    boolean write(Connection connection, ByteBuffer before, ByteBuffer payload) {
        pieces[1] = payload;
        return write(connection, before, 2);
    }

    private boolean write(Connection connection, ByteBuffer before, int count) {
        pieces[0] = before;
        boolean keepsUp = connection.write(pieces, count);
        Arrays.fill(pieces, 0, count, NOTHING); // What was lent is not held on to.
        return keepsUp;
    }
}
