package dev.headgate.http.h1;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.ResponseHead;
import java.nio.ByteBuffer;

/** Decodes response heads (RFC 9112 §4, §5). */
public final class ResponseHeadDecoder {
    private final Http1Limits limits;

    public ResponseHeadDecoder(Http1Limits limits) {
        this.limits = limits;
    }

    /** See {@link Decode}. */
    public int decode(ByteBuffer source, ResponseHead head, int requestMethod) {
        return limits.headBytes() > 0 ? Decode.NEED_MORE : Decode.REFUSED;
    }
}
