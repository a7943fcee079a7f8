package dev.headgate.testkit.peer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A request as an origin recorded it: the head at once, the content as far as the script has read it, up to
 * {@value #CONTENT_BYTES_MAX} bytes literally. Written by the connection's thread, readable by any.
 */
public final class ReceivedRequest {
    private static final int CONTENT_BYTES_MAX = 1 << 20;

    private final Request head;
    private final int connection;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private long contentBytes;
    private volatile Fields trailers = Fields.NONE;
    private volatile boolean complete;

    ReceivedRequest(Request head, int connection) {
        this.head = head;
        this.connection = connection;
    }

    public Request head() {
        return head;
    }

    /** Method and target: {@code "GET /x"}. */
    public String line() {
        return head.line();
    }

    public Fields fields() {
        return head.fields();
    }

    /** Which connection it came on, counted from 0 in order of arrival. */
    public int connection() {
        return connection;
    }

    /** The content so far as ISO 8859-1. */
    public synchronized String text() {
        return content.toString(StandardCharsets.ISO_8859_1);
    }

    /** How many bytes of content have been read. */
    public synchronized long contentBytes() {
        return contentBytes;
    }

    public Fields trailers() {
        return trailers;
    }

    /** True once the content has been read to its end. */
    public boolean isComplete() {
        return complete;
    }

    synchronized void onContent(byte[] bytes, int offset, int length) {
        contentBytes += length;
        content.write(bytes, offset, Math.max(0, Math.min(length, CONTENT_BYTES_MAX - content.size())));
    }

    void onEnd(Fields trailing) {
        trailers = trailing;
        complete = true;
    }

    @Override
    public String toString() {
        return line() + " on connection " + connection + (complete ? "" : " (incomplete)");
    }
}
