package dev.headgate.filter;

import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Code that sees, and may change, what passes on one route. The phases run in this order: {@link #onRequestHead}, {@link #onRequestBody} and
 * {@link #onRequestEnd}, {@link #onResponseHead}, {@link #onResponseBody} and {@link #onResponseEnd}, {@link #onEnd}. Request and response bodies
 * may overlap in time.
 *
 * <p>A filter is one object for all exchanges of its route, on all loops: state of one exchange belongs into
 * {@link FilterContext#state}. It must not block. An exception ends its exchange with 500 and nothing else.
 */
public interface Filter {
    /** Bytes that the filters of a route together can surely add to a request head; beyond it adding may be refused. */
    int ADDED_BYTES_MAX = 4096;

    /** Whether this filter passes a body on otherwise than byte for byte. Asked once, when the route is compiled. */
    enum Bodies {
        UNTOUCHED,
        REQUEST,
        RESPONSE,
        BOTH
    }

    /** Which bodies go through {@code on…Body}; those have no {@code Content-Length} downstream of the filter. */
    default Bodies bodies() {
        return Bodies.UNTOUCHED;
    }

    /**
     * The request is routed, its head may be edited. To answer in place of the origin call {@link FilterContext#respond}; nothing is
     * forwarded then.
     */
    default void onRequestHead(FilterContext context, RequestHead head) {}

    /**
     * Content of the request, lent for the call.
     *
     * @return what goes on: {@code bytes} itself, or a buffer of the filter's own that stays valid until its next call
     */
    default ByteBuffer onRequestBody(FilterContext context, ByteBuffer bytes) {
        return bytes;
    }

    /** The request's content, if it has any, is complete. Returns the last bytes to pass on, or null. */
    default @Nullable ByteBuffer onRequestEnd(FilterContext context) {
        return null;
    }

    /**
     * The head of the final response may be edited, or that of the 101 that grants a WebSocket; the proxy's own answers do not come by here, and
     * neither do a WebSocket's frames.
     */
    default void onResponseHead(FilterContext context, ResponseHead head) {}

    /** Content of the response; see {@link #onRequestBody}. */
    default ByteBuffer onResponseBody(FilterContext context, ByteBuffer bytes) {
        return bytes;
    }

    /** The trailers of the response, if it has any: behind all content, before {@link #onResponseEnd}. To be looked at, not changed. */
    default void onResponseTrailers(FilterContext context, FieldSection trailers) {}

    /** The response's content, if it has any, is complete. Returns the last bytes to pass on, or null. */
    default @Nullable ByteBuffer onResponseEnd(FilterContext context) {
        return null;
    }

    /**
     * The response, whose content this filter changes, has begun and cannot be completed. Filters are asked one after the other, as content passes them, and
     * {@link #onResponseEnd} does not follow for those that have been asked. Once one gives an end, the response is whole for those behind it: they get these
     * bytes by {@link #onResponseBody}, then {@link #onResponseEnd}, and are not told of the break. What tells of it is in the content. A filter that vouches
     * for what has passed it, by a checksum for instance, vouches for these bytes too; one that knows better breaks the response off after all by
     * {@link FilterContext#breakResponse}.
     *
     * @return the last bytes, if the client learns from them that they are no good end: the response is complete with them; or null, and the filters
     *     behind this one are asked. Where none gives an end the response is broken off
     */
    default @Nullable ByteBuffer onResponseBreak(FilterContext context, ResponseBreak reason) {
        return null;
    }

    /** The exchange is over, however it ended; one that has become a WebSocket is with its 101. */
    default void onEnd(FilterContext context) {}
}
