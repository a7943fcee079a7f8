package dev.headgate.exchange;

import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.ResponseHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one exchange: the response goes in here, and demand for the request body. One stream carries one
 * request; over HTTP/1.1 a session is its own stream, one exchange after the other.
 *
 * <p>Confined to the loop. Field sections and buffers are lent for the call.
 */
public interface DownstreamStream {
    /** Sends an interim response (RFC 9110 §15.2), or drops it where the client's protocol has none. */
    void sendInterim(ResponseHead head);

    /** Sends {@code 100 Continue} on the proxy's own behalf. */
    void sendContinue();

    /**
     * Sends the head of the final response. How a body of unknown length is framed is the stream's choice.
     *
     * @param bodyKind {@code NONE} when no body bytes follow; {@code LENGTH}; anything else: unknown length
     * @param contentLength length of the body, or with {@code NONE} the value of the {@code Content-Length} field to show
     *     (an answer to HEAD, or 304), −1 for none
     * @return bytes of the head; −1 when it does not fit the output buffer: nothing was sent
     */
    int sendHead(int status, FieldSection fields, BodyKind bodyKind, long contentLength);

    /**
     * Sends body bytes; all are taken.
     *
     * @return whether the client keeps up; after {@code false} {@link Exchange#onDownstreamWritable} follows
     */
    boolean sendBody(ByteBuffer bytes);

    /**
     * Sends the head that grants the WebSocket that the request has asked for; {@link #becomeTunnel} follows.
     *
     * @return bytes of the head; −1 when it does not fit the output buffer: nothing was sent
     */
    default int sendWebSocketHead(FieldSection fields) {
        throw new IllegalStateException("no WebSocket was asked for");
    }

    /**
     * Lets go of the exchange, and hands over what is left of the stream: the bytes behind the heads, both ways. Last call of the exchange in
     * place of {@link #exchangeEnded}.
     */
    default TunnelEnd becomeTunnel() {
        throw new IllegalStateException("no WebSocket was asked for");
    }

    /** The WebSocket that the request has asked for is not granted, and an ordinary response follows. */
    default void refuseWebSocket() {}

    /**
     * Ends the response.
     *
     * @return false when something of it is missing for want of memory: it is broken off, so that the client sees that
     */
    boolean sendEnd(@Nullable FieldSection trailers);

    /** Breaks the response off so that the client sees that it is incomplete. */
    void reset(Cause cause);

    /** Whether bytes of the request body are here, or have been: the client does not wait to be asked for them. */
    boolean hasBodyArrived();

    /** Asked within {@link Exchange#onRequestBody}: whether those bytes are known to be the last of the request, which has no trailers. */
    default boolean isLastContent() {
        return false;
    }

    /** Request body bytes are not wanted for now. */
    void pauseRequest();

    /** Request body bytes are wanted again. */
    void resumeRequest();

    /** No more request body bytes will be wanted by this exchange; what still comes is drained within bounds or refused. */
    void discardRequest();

    /** The connection must not carry a further request after this response. */
    void closeAfterResponse();

    /** The exchange is over, in whatever way; the stream may begin the next one. Last call of the exchange. */
    void exchangeEnded();
}
