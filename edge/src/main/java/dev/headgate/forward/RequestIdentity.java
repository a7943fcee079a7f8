package dev.headgate.forward;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.RequestHead;

/**
 * Who sent a request and by which id it is known, found once and used by rate limits, the access log and the response.
 * Reusable; owned by an exchange, valid as long as the head that it was filled from.
 */
public final class RequestIdentity {
    private static final int SEPARATOR_LENGTH = 2;
    private static final int CRLF_LENGTH = 2;

    private final IpAddress client = new IpAddress();
    private boolean fromTrustedProxy;
    private int requestIdOffset;
    private int requestIdLength;
    private int hopLinesOffset;
    private int hopLinesLength;

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

    /**
     * Gives a response our entry in {@code Via} and the id of its request, in place of what the origin said.
     *
     * @return false when the store has no room; the origin's id is gone nevertheless
     */
    public boolean addHopTo(FieldSection response, HttpVersion version, RequestHead request, Via via) {
        if (hopLinesLength == 0 || version != request.version()) {
            return via.addTo(response, version) && addRequestIdTo(response, request);
        }
        response.removeAll(Field.X_REQUEST_ID);
        int at = response.addBytes(request.bytes(), hopLinesOffset, hopLinesLength);
        if (at < 0) {
            return false;
        }
        int id = at + requestIdOffset - hopLinesOffset;
        int idLine = id - SEPARATOR_LENGTH - Field.wireName(Field.X_REQUEST_ID).length;
        int entry = at + Field.wireName(Field.VIA).length + SEPARATOR_LENGTH;
        response.append(at, entry - SEPARATOR_LENGTH - at, entry, idLine - CRLF_LENGTH - entry, Field.VIA, true);
        response.append(idLine, id - SEPARATOR_LENGTH - idLine, id, requestIdLength, Field.X_REQUEST_ID, true);
        return true;
    }

    /** Forgets the request. */
    public void clear() {
        client.clear();
        fromTrustedProxy = false;
        requestId(0, 0);
        hopLines(0, 0);
    }

    void fromTrustedProxy(boolean isTrusted) {
        fromTrustedProxy = isTrusted;
    }

    /** {@code Via} and the id, as two lines that follow each other in the bytes of the head. */
    void hopLines(int offset, int length) {
        hopLinesOffset = offset;
        hopLinesLength = length;
    }

    void requestId(int offset, int length) {
        requestIdOffset = offset;
        requestIdLength = length;
    }
}
