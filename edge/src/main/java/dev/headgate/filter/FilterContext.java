package dev.headgate.filter;

import dev.headgate.engine.LoopConfined;
import org.jspecify.annotations.Nullable;

/** What a filter may ask of the exchange that it is called for. Valid until {@link Filter#onEnd} returns. */
@LoopConfined
public interface FilterContext {
    /** The longest content of an answer: the most that a {@code respond} action can have, too. An answer is buffered whole. */
    int ANSWER_BYTES_MAX = 192 * 1024;

    /**
     * Answers the request; only in {@link Filter#onRequestHead}.
     *
     * @param status 200 to 599
     * @param contentType value of {@code Content-Type}; empty for none
     * @param body content, at most {@link #ANSWER_BYTES_MAX} bytes; the context keeps the array until it is sent, so it must not be
     *     changed
     */
    void respond(int status, String contentType, byte[] body);

    /** Whether a filter has answered already. */
    boolean isAnswered();

    /**
     * Says that the request, whatever its client has sent, is a call by gRPC for its origin; only in {@link Filter#onRequestHead}. Its origin hears that
     * trailers are taken, and its {@code grpc-timeout} is kept. Answers of the proxy's own stay ordinary ones.
     */
    void makeGrpc();

    /**
     * Refuses the request with 400, for its content is not what it has to be; only in {@link Filter#onRequestBody} and {@link Filter#onRequestEnd}. It is the
     * client's fault, as an exception would not be. What the call returns then goes nowhere.
     */
    void refuseContent();

    /**
     * Breaks the response off, for its content is not what it has to be, such as one that ends too early; only in {@link Filter#onResponseBody} and
     * {@link Filter#onResponseEnd}. The client sees a break, as where the origin's own framing is wrong; it is the origin's fault, as an exception would not
     * be. What the call returns then goes nowhere, and {@link Filter#onResponseBreak} does not follow.
     */
    void breakResponse();

    /** The client's address as it is forwarded and logged. */
    String clientAddress();

    /** The name of the route. */
    String routeName();

    /** What {@code filter} stored for this exchange, or null. */
    @Nullable
    Object state(Filter filter);

    /** Stores something of {@code filter}'s for this exchange. */
    void state(Filter filter, @Nullable Object state);
}
