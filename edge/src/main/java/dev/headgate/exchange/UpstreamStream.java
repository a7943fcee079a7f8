package dev.headgate.exchange;

import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The origin's side of one attempt: the request goes in here, and demand for the response. Its events reach the exchange through
 * the {@code onUpstream…} and {@code onResponse…} methods of {@link Attempt}.
 *
 * <p>Confined to the loop. Field sections and buffers are lent for the call.
 */
public interface UpstreamStream {
    /**
     * Sends the request head.
     *
     * @param authority the {@code Host} to send instead of the request's own, or null
     * @param bodyKind {@code NONE}, {@code LENGTH}, or {@code CHUNKED} for unknown length
     * @return bytes of the head; −1 when it does not fit the output buffer: nothing was sent
     */
    int sendHead(RequestHead head, byte @Nullable [] authority, BodyKind bodyKind, long contentLength);

    /**
     * Sends body bytes; all are taken.
     *
     * @return whether the origin keeps up; after {@code false} {@link Attempt#onUpstreamWritable} follows
     */
    boolean sendBody(ByteBuffer bytes);

    /** What {@link #sendBody} gets next is the last of the body, and no trailers follow. {@link #sendEnd} does all the same. */
    default void endWithNext() {}

    void sendEnd(@Nullable FieldSection trailers);

    /**
     * Whether the end of a response of known length may come later than its last byte, with trailers perhaps. Asked within the event that
     * tells of its head.
     */
    default boolean endsApart() {
        return false;
    }

    /** Response bytes are not wanted for now. */
    void pauseResponse();

    void resumeResponse();

    /**
     * Gives the attempt up: no further event reaches the exchange. What the attempt has for itself alone, be it a stream or a whole
     * connection, is not used again.
     */
    void cancel();

    /**
     * Gives up what is left of a response whose head is here: no further event reaches the exchange. Where little is left, the connection may
     * be used again. Called within the event that told of the head.
     */
    default void discard() {
        cancel();
    }

    /** Whether the connection had served an earlier exchange: it may have been closed by the origin at the same instant. */
    boolean isReused();

    /** How far this attempt has come on the wire. */
    Failure.Sent sent();

    /** Whether the endpoint has accepted the connection, and the TLS handshake is not done. */
    boolean isHandshaking();

    /** What was wrong with TLS when that is how the attempt failed. */
    @Nullable
    TlsFault tlsFault();

    /**
     * Lets go of the exchange, and hands over what is left of the stream: the bytes behind the heads, both ways. Called within the event that
     * told of the head that grants a WebSocket.
     */
    default TunnelEnd becomeTunnel() {
        throw new IllegalStateException("no WebSocket was asked for");
    }

    /** The name of the rule that the origin broke when that is how the attempt failed, as far as it is known. */
    default @Nullable String violation() {
        return null;
    }
}
