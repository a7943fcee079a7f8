package dev.headgate.http.h2;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a request to an origin says beside its head; one object serves all requests to an upstream. Immutable. */
public final class Http2RequestOptions {
    private final Scheme scheme;
    private final byte @Nullable [] authority;
    private final byte @Nullable [] protocol;
    private final Trailers trailers;

    /**
     * Options of requests.
     *
     * @param scheme of the requests
     * @param authority the {@code :authority} to send instead of the head's own, or null
     * @param protocol the {@code :protocol} of an extended CONNECT, which the request is then whatever method its head has, or null (RFC
     *     8441 §4)
     * @param trailers whether {@code TE: trailers} is sent
     */
    public Http2RequestOptions(
            Scheme scheme, @Nullable String authority, @Nullable String protocol, Trailers trailers) {
        this.scheme = scheme;
        this.authority = ascii(authority);
        this.protocol = ascii(protocol);
        this.trailers = trailers;
    }

    private static byte @Nullable [] ascii(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The two schemes of HTTP. */
    public enum Scheme {
        HTTP,
        HTTPS
    }

    /** Whether we say that we take trailers (RFC 9110 §10.1.4). */
    public enum Trailers {
        UNSAID,
        TAKEN
    }

    boolean isHttps() {
        return scheme == Scheme.HTTPS;
    }

    byte @Nullable [] authority() {
        return authority;
    }

    boolean isExtendedConnect() {
        return protocol != null;
    }

    byte @Nullable [] protocol() {
        return protocol;
    }

    boolean takesTrailers() {
        return trailers == Trailers.TAKEN;
    }
}
