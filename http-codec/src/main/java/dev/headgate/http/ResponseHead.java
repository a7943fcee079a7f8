package dev.headgate.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One response head: status and fields as an index over bytes; the reason phrase is dropped. Reusable by {@link #clear}.
 *
 * <p>After decoding it views the buffer that was decoded, which is lent: {@link #retain} it to keep it beyond the call,
 * or to add fields.
 */
public final class ResponseHead {
    private final FieldSection fields = new FieldSection();
    private final HeadScan scan = new HeadScan();

    private int status;
    private HttpVersion version = HttpVersion.HTTP_1_0;
    private BodyKind bodyKind = BodyKind.NONE;
    private long contentLength = -1;
    private boolean persistent;
    private int headLength;

    /** An empty head. */
    public ResponseHead() {}

    public FieldSection fields() {
        return fields;
    }

    /** The bytes that offsets point into. */
    public ByteBuffer bytes() {
        return fields.bytes();
    }

    /** 100 to 599. */
    public int status() {
        return status;
    }

    /** Whether this is a 1xx response, which another response to the same request follows (RFC 9110 §15.2). */
    public boolean isInterim() {
        return status < 200;
    }

    /** Whether the origin says that the connection now speaks another protocol (RFC 9110 §15.2.2). */
    public boolean isSwitchingProtocols() {
        return status == 101;
    }

    /** The version that it came by. */
    public HttpVersion version() {
        return version;
    }

    /** How content follows, the request's method taken into account. */
    public BodyKind bodyKind() {
        return bodyKind;
    }

    /** Content-Length as received, also where no content follows (HEAD, 304); −1 when there was none. */
    public long contentLength() {
        return contentLength;
    }

    /** Whether the connection can carry another request once this response has ended. */
    public boolean isPersistent() {
        return persistent;
    }

    /** Bytes of the head on the wire, with the empty line behind it. */
    public int headLength() {
        return headLength;
    }

    /** Why the decoder refused, or null. */
    public @Nullable Violation violation() {
        return scan.violation;
    }

    /**
     * Copies the head to the start of {@code store}, which is used whole from then on and whose room beyond the head
     * takes additions. The caller keeps ownership of the store and must not touch it until the head is cleared.
     *
     * @throws IllegalArgumentException when the store is smaller than {@link #headLength()}
     */
    public void retain(ByteBuffer store) {
        if (store.capacity() < headLength) {
            throw new IllegalArgumentException(
                    "store too small: capacity=" + store.capacity() + ", headLength=" + headLength);
        }
        fields.retainIn(store, headLength);
    }

    /** Forgets everything, decode progress included. */
    public void clear() {
        fields.clear();
        scan.clear();
        status = 0;
        version = HttpVersion.HTTP_1_0;
        framing(BodyKind.NONE, -1);
        persistent = false;
        headLength = 0;
    }

    // For decoders; offsets count from the head's first byte.

    public HeadScan scan() {
        return scan;
    }

    public void status(int code) {
        status = code;
    }

    public void version(HttpVersion received) {
        version = received;
    }

    public void framing(BodyKind kind, long length) {
        bodyKind = kind;
        contentLength = length;
    }

    public void persistent(boolean isPersistent) {
        persistent = isPersistent;
    }

    public void headLength(int length) {
        headLength = length;
    }
}
