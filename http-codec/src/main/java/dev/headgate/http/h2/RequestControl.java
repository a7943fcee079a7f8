package dev.headgate.http.h2;

/** What a request's control data say in HTTP/2 beside its {@link dev.headgate.http.RequestHead} (RFC 9113 §8.3.1). */
public final class RequestControl {
    private boolean https;
    private int protocolOffset;
    private int protocolLength;

    RequestControl() {}

    /** Whether {@code :scheme} is {@code https}; otherwise it is {@code http}. */
    public boolean isHttps() {
        return https;
    }

    /** Whether this is an extended CONNECT (RFC 8441 §4). */
    public boolean hasProtocol() {
        return protocolLength > 0;
    }

    /** Index of {@code :protocol}'s value in the head's bytes, as long as the event lasts. */
    public int protocolOffset() {
        return protocolOffset;
    }

    public int protocolLength() {
        return protocolLength;
    }

    void scheme(boolean isHttps) {
        https = isHttps;
    }

    void protocol(int offset, int length) {
        protocolOffset = offset;
        protocolLength = length;
    }
}
