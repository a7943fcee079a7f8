package dev.headgate.engine;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Notes what it is told; asserts that it is never told from inside a call of its own. Override to react. */
class Recorder implements ConnectionHandler {
    public final List<String> events = new CopyOnWriteArrayList<>();
    public volatile @Nullable Connection connection;
    public volatile @Nullable CloseCause cause;
    public volatile long bytes;
    public volatile boolean hasEnded;
    public volatile int writables;

    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private boolean isInside; // a call is running

    protected final void enter(String event) {
        if (isInside) {
            throw new IllegalStateException("re-entered by " + event);
        }
        isInside = true;
        events.add(event);
    }

    protected final void leave() {
        isInside = false;
    }

    @Override
    public void onOpen(Connection opened) {
        enter("open");
        connection = opened;
        whenOpen(opened);
        leave();
    }

    @Override
    public void onBytes(Connection from, ByteBuffer lent) {
        enter("bytes " + lent.remaining());
        whenBytes(from, lent);
        leave();
    }

    @Override
    public void onWritable(Connection to) {
        enter("writable");
        writables++;
        whenWritable(to);
        leave();
    }

    @Override
    public void onEnd(Connection from) {
        enter("end");
        hasEnded = true;
        whenEnd(from);
        leave();
    }

    @Override
    public void onClosed(Connection closed, CloseCause why) {
        enter("closed " + why);
        cause = why;
        leave();
    }

    protected void whenOpen(Connection opened) {}

    protected void whenBytes(Connection from, ByteBuffer lent) {
        consume(lent);
    }

    protected void whenWritable(Connection to) {}

    protected void whenEnd(Connection from) {
        from.close();
    }

    protected final void consume(ByteBuffer lent) {
        byte[] copy = new byte[lent.remaining()];
        lent.get(copy);
        synchronized (content) {
            content.writeBytes(copy);
        }
        bytes += copy.length;
    }

    public String text() {
        synchronized (content) {
            return content.toString(StandardCharsets.ISO_8859_1);
        }
    }

    public Connection opened() {
        TestEngine.await("open", () -> connection != null);
        Connection result = connection;
        if (result == null) {
            throw new AssertionError();
        }
        return result;
    }

    public void awaitClosed(CloseCause expected) {
        TestEngine.await("closed", () -> cause != null);
        if (cause != expected) {
            throw new AssertionError("closed with " + cause + ", expected " + expected + ": " + events);
        }
    }
}
