package dev.headgate.forward;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;

/**
 * Who sent a request and by which id it is known, found once and used by rate limits, the access log and the response.
 * Reusable; owned by an exchange, valid as long as the head that it was filled from.
 */
public final class RequestIdentity {
    private final IpAddress client = new IpAddress();
    private boolean fromTrustedProxy;
    private int requestIdOffset;
    private int requestIdLength;

    /** Of no request yet. */
    public RequestIdentity() {}

    /** The client's address; not known when the peer of a Unix-domain socket sent the request. */
    public IpAddress client() {
        return client;
    }

    /** Whether the peer is one of the trusted proxies. */
    public boolean isFromTrustedProxy() {
        return fromTrustedProxy;
    }

    /** The request's id, as an index into the bytes of its head. */
    public int requestIdOffset() {
        return requestIdOffset;
    }

    /** Bytes of the id; 0 until {@link ForwardingFields#apply}. */
    public int requestIdLength() {
        return requestIdLength;
    }

    /** Bytes that {@link #addRequestIdTo} appends to the store. */
    public int requestIdAddedBytes() {
        return FieldLine.ofKnown(Field.X_REQUEST_ID) + requestIdLength;
    }

    /**
     * Gives a response the id of its request, in place of what the origin said.
     *
     * @return false when the store has no room; the origin's is gone nevertheless
     */
    public boolean addRequestIdTo(FieldSection response, RequestHead request) {
        response.removeAll(Field.X_REQUEST_ID);
        return response.add(Field.X_REQUEST_ID, request.bytes(), requestIdOffset, requestIdLength);
    }

    /** Forgets the request. */
    public void clear() {
        client.clear();
        fromTrustedProxy = false;
        requestId(0, 0);
    }

    void fromTrustedProxy(boolean isTrusted) {
        fromTrustedProxy = isTrusted;
    }

    void requestId(int offset, int length) {
        requestIdOffset = offset;
        requestIdLength = length;
    }
}
