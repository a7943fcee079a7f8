package dev.headgate.bench.fault.origin;

import dev.headgate.bench.body.BodyPattern;
import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.http.BodyKind;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One connection: requests without content, one after another, each answered by 1 KiB or by 503. While an answer is delayed, reading is
 * paused: what the client sends ahead waits.
 */
@LoopConfined
final class FaultSession extends Timer implements ConnectionHandler {
    static final int SLOWNESS_MS = 200;

    private static final int CONTENT_BYTES = 1024;
    private static final long NS_PER_MS = 1_000_000;
    private static final String CLOSE = "Connection: close\r\n";
    private static final byte[] HEALTH = FaultOriginMain.HEALTH_PATH.getBytes(StandardCharsets.US_ASCII);

    private final FaultLoop origin;
    private @Nullable Connection connection;
    private boolean isDelayed;
    private boolean isCheck; // the request under way
    private boolean isLast;

    FaultSession(FaultLoop origin) {
        this.origin = origin;
    }

    /** Closes after the answer under way, or at once. */
    void end() {
        Connection current = connection;
        if (current != null && !isDelayed) current.close();
    }

    @Override
    public void onOpen(Connection opened) {
        connection = opened;
        origin.onOpen(this);
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        RequestHead head = origin.head;
        while (bytes.hasRemaining() && from.isOpen() && !isDelayed) {
            head.clear();
            int answer = origin.decoder.decode(bytes, head);
            if (answer == Decode.NEED_MORE) return;
            if (answer == Decode.REFUSED || head.bodyKind() != BodyKind.NONE) {
                bytes.position(bytes.limit());
                from.abort();
                return;
            }
            onRequest(from, head);
        }
    }

    private void onRequest(Connection from, RequestHead head) {
        isLast = !head.isPersistent();
        isCheck = isHealth(head);
        if (isCheck) {
            origin.state.counters.onCheck();
        } else {
            origin.state.counters.onRequest();
        }
        if (origin.state.mood() == FaultState.Mood.SLOW) {
            isDelayed = true;
            from.pauseReading();
            origin.loop.timers().arm(this, origin.loop.nowNs() + SLOWNESS_MS * NS_PER_MS);
        } else {
            answer(from);
        }
    }

    private static boolean isHealth(RequestHead head) {
        if (head.pathLength() != HEALTH.length) return false;
        for (int i = 0; i < HEALTH.length; i++) {
            if (head.bytes().get(head.pathOffset() + i) != HEALTH[i]) return false;
        }
        return true;
    }

    private void answer(Connection to) {
        isLast |= origin.isEnding();
        to.write(origin.answers.of(isWell(), isLast));
        if (isLast) to.close();
    }

    private boolean isWell() {
        return switch (origin.state.mood()) {
            case WELL, SLOW -> true;
            case DRAINING -> !isCheck;
            case FAILING -> false;
        };
    }

    @Override
    protected void onDeadline(long nowNs) {
        Connection to = connection;
        isDelayed = false;
        if (to != null && to.isOpen()) {
            to.resumeReading();
            answer(to);
        }
    }

    @Override
    public void onClosed(Connection gone, CloseCause cause) {
        connection = null;
        origin.loop.timers().retire(this);
        origin.onClosed(this);
    }

    /** All that there is to answer, as it goes over the wire. Of one loop. */
    static final class Answers {
        private final ByteBuffer content = answer("200 OK", CONTENT_BYTES, "");
        private final ByteBuffer lastContent = answer("200 OK", CONTENT_BYTES, CLOSE);
        private final ByteBuffer unavailable = answer("503 Service Unavailable", 0, "");
        private final ByteBuffer lastUnavailable = answer("503 Service Unavailable", 0, CLOSE);

        private static ByteBuffer answer(String status, int contentBytes, String fieldLine) {
            String head = "HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\n" + fieldLine + "Content-Length: "
                    + contentBytes + "\r\n\r\n";
            ByteBuffer bytes = ByteBuffer.allocateDirect(head.length() + contentBytes)
                    .put(head.getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < contentBytes; i++) bytes.put(BodyPattern.at(i));
            return bytes;
        }

        ByteBuffer of(boolean isWell, boolean isLast) {
            ByteBuffer well = isLast ? lastContent : content;
            ByteBuffer unwell = isLast ? lastUnavailable : unavailable;
            return (isWell ? well : unwell).rewind();
        }
    }
}
