package dev.headgate.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request head: method, target and fields as an index over bytes. Reusable by {@link #clear}.
 *
 * <p>After decoding it views the buffer that was decoded, which is lent: {@link #retain} it to keep it beyond the call.
 * All offsets that methods return are absolute indexes into {@link #bytes()}.
 */
public final class RequestHead {
    private final FieldSection fields = new FieldSection();
    private final HeadScan scan = new HeadScan();

    private int method;
    private int methodOffset;
    private int methodLength;
    private HttpVersion version = HttpVersion.HTTP_1_0;
    private TargetForm targetForm = TargetForm.ORIGIN;
    private int targetOffset;
    private int targetLength;
    private int pathOffset;
    private int pathLength;
    private int queryOffset;
    private int queryLength = -1;
    private int authorityOffset;
    private int authorityLength;
    private int hostOffset;
    private int hostLength;
    private int port = -1;
    private BodyKind bodyKind = BodyKind.NONE;
    private long contentLength = -1;
    private boolean persistent;
    private boolean expectsContinue;
    private boolean webSocket;
    private int headLength;

    /** An empty head. */
    public RequestHead() {}

    public FieldSection fields() {
        return fields;
    }

    /** The bytes that offsets point into. */
    public ByteBuffer bytes() {
        return fields.bytes();
    }

    /** A number of {@link Method}. */
    public int method() {
        return method;
    }

    public int methodOffset() {
        return fields.base() + methodOffset;
    }

    public int methodLength() {
        return methodLength;
    }

    /** The version that it came by. */
    public HttpVersion version() {
        return version;
    }

    public TargetForm targetForm() {
        return targetForm;
    }

    /** The whole target as received. */
    public int targetOffset() {
        return fields.base() + targetOffset;
    }

    public int targetLength() {
        return targetLength;
    }

    /** The path; as received after decoding, canonical after canonicalisation. */
    public int pathOffset() {
        return fields.base() + pathOffset;
    }

    /** Zero only for an absolute-form target without a path that has not been made canonical. */
    public int pathLength() {
        return pathLength;
    }

    /** First byte of the query, behind the question mark. */
    public int queryOffset() {
        return fields.base() + queryOffset;
    }

    /** −1 when there is no query; zero when there is an empty one. */
    public int queryLength() {
        return queryLength;
    }

    /** Host and port as the client named them, from Host or an absolute-form target; without a colon that no port follows. */
    public int authorityOffset() {
        return fields.base() + authorityOffset;
    }

    /** Zero only for an HTTP/1.0 request that names no host. */
    public int authorityLength() {
        return authorityLength;
    }

    /** The host alone: a name, an IPv4 address, or an IPv6 address in brackets. */
    public int hostOffset() {
        return fields.base() + hostOffset;
    }

    public int hostLength() {
        return hostLength;
    }

    /** The port that the client named, or −1. */
    public int port() {
        return port;
    }

    public BodyKind bodyKind() {
        return bodyKind;
    }

    /** Content-Length when {@link #bodyKind()} is {@link BodyKind#LENGTH}, otherwise −1. */
    public long contentLength() {
        return contentLength;
    }

    /** Whether the client is ready to send another request afterwards; never for HTTP/1.0 (RFC 9112 §9.3). */
    public boolean isPersistent() {
        return persistent;
    }

    /** Whether the client waits for 100 (Continue) before it sends content. */
    public boolean expectsContinue() {
        return expectsContinue;
    }

    /**
     * Whether it asks for a WebSocket, and may have one. Encoders say so in the way of their version: Upgrade in HTTP/1.1 (RFC 6455 §4.1), an
     * extended CONNECT in HTTP/2 (RFC 8441).
     */
    public boolean isWebSocket() {
        return webSocket;
    }

    /** Bytes of the head on the wire, with the empty lines before it and the one behind it. */
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
        method = Method.OTHER;
        methodOffset = 0;
        methodLength = 0;
        version = HttpVersion.HTTP_1_0;
        targetForm = TargetForm.ORIGIN;
        targetOffset = 0;
        targetLength = 0;
        path(0, 0);
        query(0, -1);
        authority(0, 0);
        host(0, 0, -1);
        framing(BodyKind.NONE, -1);
        persistent = false;
        expectsContinue = false;
        webSocket = false;
        headLength = 0;
    }

    // For decoders and the canonicaliser; offsets count from the head's first byte.

    public HeadScan scan() {
        return scan;
    }

    public void method(int id, int offset, int length) {
        method = id;
        methodOffset = offset;
        methodLength = length;
    }

    public void version(HttpVersion received) {
        version = received;
    }

    public void target(int offset, int length) {
        targetOffset = offset;
        targetLength = length;
    }

    public void targetForm(TargetForm form) {
        targetForm = form;
    }

    public void path(int offset, int length) {
        pathOffset = offset;
        pathLength = length;
    }

    public void query(int offset, int length) {
        queryOffset = offset;
        queryLength = length;
    }

    public void authority(int offset, int length) {
        authorityOffset = offset;
        authorityLength = length;
    }

    public void host(int offset, int length, int namedPort) {
        hostOffset = offset;
        hostLength = length;
        port = namedPort;
    }

    public void framing(BodyKind kind, long length) {
        bodyKind = kind;
        contentLength = length;
    }

    public void connection(boolean isPersistent, boolean waitsForContinue) {
        persistent = isPersistent;
        expectsContinue = waitsForContinue;
    }

    public void webSocket(boolean isAskedFor) {
        webSocket = isAskedFor;
    }

    public void headLength(int length) {
        headLength = length;
    }

    /** Takes {@code length} bytes of the store for a rewritten part of the head; −1 when there is no room. */
    public int reserve(int length) {
        return fields.reserve(length);
    }
}
