package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.upstream.UpstreamNode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * All content of a request that has passed, as long as it can be sent once more: its first bytes in memory, and what does not fit there in a
 * temporary file, if there are to be any. Once either overflows or fails it lets go of everything.
 */
@LoopConfined
@HotPath
final class KeptContent implements ReplayFile.Owner {
    private final RequestFlow flow;
    private final LoopContext context;
    private final ReplayWindow window = new ReplayWindow();
    private int windowMax;
    private @Nullable UpstreamNode upstream; // whose files they are; null when there are to be none
    private @Nullable ReplayFile file;
    private long sentBytes; // of the file, to the current attempt

    KeptContent(RequestFlow flow, LoopContext context) {
        this.flow = flow;
        this.context = context;
    }

    /**
     * Says how much is kept from now on.
     *
     * @param bytes in memory
     * @param withFiles whose temporary files take the rest; null for none
     */
    void limit(int bytes, @Nullable UpstreamNode withFiles) {
        windowMax = bytes;
        window.limit(bytes);
        upstream = withFiles;
    }

    /** Whether all content so far is still here. */
    boolean isComplete() {
        return window.isComplete();
    }

    /** Whether all of it could have been kept by what {@code other} says, too. */
    boolean fits(UpstreamNode other) {
        ReplayFile beyond = file;
        return isComplete()
                && window.length() <= other.config().retry().replayBytes()
                && (beyond == null || beyond.lengthBytes() <= other.replayFileBytesMax());
    }

    /** Whether some of it is not in memory. */
    boolean isInFile() {
        return file != null;
    }

    /** Whether trailers of so many bytes may be kept beside it. */
    boolean admits(int bytes) {
        return isComplete() && (window.admits(bytes) || upstream != null && bytes <= windowMax);
    }

    /** Copies {@code bytes}, which stays as it is. */
    void append(ByteBuffer bytes) {
        if (!isComplete() || !bytes.hasRemaining()) {
            return;
        }
        UpstreamNode of = upstream;
        ReplayFile beyond = file;
        if (beyond == null && (of == null || window.admits(bytes.remaining()))) {
            window.append(context.loop().buffers(), bytes);
            return;
        }
        if (beyond == null && of != null) {
            beyond = openFile(of);
            file = beyond;
        }
        if (beyond == null || !beyond.append(bytes)) {
            loseFile();
        }
    }

    private @Nullable ReplayFile openFile(UpstreamNode of) {
        ReplayFile opened = context.openReplayFile(of, this);
        if (opened != null) {
            context.accounting().replayFile(of);
        }
        return opened;
    }

    /** What is kept in a file cannot be kept any longer: there is no room, or the disk fails, or is too slow. */
    void loseFile() {
        UpstreamNode of = upstream;
        if (of != null && isComplete()) {
            context.accounting().replayFileLost(of);
        }
        giveUp();
    }

    /** Whether the file lags behind, so that more content should wait. */
    boolean isBehind() {
        return file != null && file.isBehind();
    }

    /** How long that may last. */
    long waitNs() {
        return upstream == null ? 0 : upstream.replayFileWaitNs();
    }

    // ---- once more -------------------------------------------------------------------------------------------------

    /** Begins from the start: the bytes in memory, lent until the next call; null when there are none. */
    @Nullable
    ByteBuffer first() {
        sentBytes = 0;
        return window.bytes();
    }

    /** Whether more follows out of the file. */
    boolean hasMore() {
        return file != null && sentBytes < file.lengthBytes();
    }

    /** The next bytes, lent until the next call; null when they have to be read, and come by {@link RequestFlow#onKeptRead}. */
    @Nullable
    ByteBuffer next() {
        assert file != null;
        return file.bytesAt(sentBytes);
    }

    /** So much of it is on its way. */
    void onSent(int bytes) {
        sentBytes += bytes;
    }

    void stopReading() {
        if (file != null) {
            file.stopReading();
        }
    }

    @Override
    public void onReplayWritten() {
        flow.onKeptWritten();
    }

    @Override
    public void onReplayRead(ByteBuffer bytes) {
        flow.onKeptRead(bytes);
    }

    @Override
    public void onReplayFailed() {
        loseFile();
        flow.onKeptLost();
    }

    // ---- ends ------------------------------------------------------------------------------------------------------

    /** Lets go of everything: what was sent cannot be sent once more. */
    void giveUp() {
        window.giveUp();
        closeFile();
    }

    /** Lets go of everything, and starts anew. */
    void release() {
        window.release();
        closeFile();
        upstream = null;
    }

    private void closeFile() {
        ReplayFile open = file;
        if (open != null) {
            file = null;
            open.close();
        }
    }
}
