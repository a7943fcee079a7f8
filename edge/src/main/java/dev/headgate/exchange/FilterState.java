package dev.headgate.exchange;

import dev.headgate.engine.LoopConfined;
import dev.headgate.filter.Filter;
import dev.headgate.filter.FilterChain;
import dev.headgate.filter.FilterContext;
import dev.headgate.filter.ResponseBreak;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.route.LocalAnswer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One exchange as its filters see it, and the boundary at which what they throw is caught: it ends this exchange and nothing else.
 * Made only for exchanges of routes that have filters.
 */
@LoopConfined
final class FilterState implements FilterContext {
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    private final Exchange exchange;
    private final FilterChain chain;
    private final @Nullable Object[] states;
    private @Nullable LocalAnswer answer;
    private boolean inRequestHead;
    private boolean inRequestContent;
    private boolean isContentRefused;
    private boolean inResponseContent;
    private boolean isResponseBroken;

    FilterState(Exchange exchange, FilterChain chain) {
        this.exchange = exchange;
        this.chain = chain;
        this.states = new Object[chain.size()];
    }

    /** What a filter has answered, or null. */
    @Nullable
    LocalAnswer answer() {
        return answer;
    }

    /** Runs the phase; false when a filter threw. */
    boolean onRequestHead(RequestHead head) {
        inRequestHead = true;
        try {
            chain.onRequestHead(this, head);
            return true;
        } catch (Throwable e) {
            return failed(e);
        } finally {
            inRequestHead = false;
        }
    }

    /** Null for {@link #refusal}. */
    @Nullable
    ByteBuffer onRequestBody(ByteBuffer bytes) {
        inRequestContent = true;
        try {
            ByteBuffer passed = chain.onRequestBody(this, bytes);
            return isContentRefused ? null : passed;
        } catch (Throwable e) {
            failed(e);
            return null;
        } finally {
            inRequestContent = false;
        }
    }

    /** The last bytes, perhaps none; null for {@link #refusal}. */
    @Nullable
    ByteBuffer onRequestEnd() {
        inRequestContent = true;
        try {
            ByteBuffer last = chain.onRequestEnd(this);
            if (isContentRefused) {
                return null;
            }
            return last == null ? NO_BYTES : last;
        } catch (Throwable e) {
            failed(e);
            return null;
        } finally {
            inRequestContent = false;
        }
    }

    /** Why the request's content goes no further: a filter has refused it, or threw. */
    Cause refusal() {
        return isContentRefused ? Cause.CONTENT_INVALID : Cause.INTERNAL;
    }

    boolean onResponseHead(ResponseHead head) {
        try {
            chain.onResponseHead(this, head);
            return true;
        } catch (Throwable e) {
            return failed(e);
        }
    }

    /** Null for {@link #fault}. */
    @Nullable
    ByteBuffer onResponseBody(ByteBuffer bytes) {
        inResponseContent = true;
        try {
            ByteBuffer passed = chain.onResponseBody(this, bytes);
            return isResponseBroken ? null : passed;
        } catch (Throwable e) {
            failed(e);
            return null;
        } finally {
            inResponseContent = false;
        }
    }

    boolean onResponseTrailers(FieldSection trailers) {
        try {
            chain.onResponseTrailers(this, trailers);
            return true;
        } catch (Throwable e) {
            return failed(e);
        }
    }

    /** The last bytes, perhaps none; null for {@link #fault}. */
    @Nullable
    ByteBuffer onResponseEnd() {
        inResponseContent = true;
        try {
            ByteBuffer last = chain.onResponseEnd(this);
            if (isResponseBroken) {
                return null;
            }
            return last == null ? NO_BYTES : last;
        } catch (Throwable e) {
            failed(e);
            return null;
        } finally {
            inResponseContent = false;
        }
    }

    /** Why the response goes no further: a filter has broken it off, or threw. */
    Cause fault() {
        return isResponseBroken ? Cause.UPSTREAM_BODY_INVALID : Cause.INTERNAL;
    }

    /** The last bytes of a response that cannot be completed, if it can end with them; otherwise null. */
    @Nullable
    ByteBuffer onResponseBreak(Cause cause) {
        inResponseContent = true; // Of those behind the filter that ends it.
        try {
            ByteBuffer last = chain.onResponseBreak(this, new ResponseBreak(cause.token(), Grpc.statusOf(cause)));
            return isResponseBroken ? null : last;
        } catch (Throwable e) {
            failed(e);
            return null;
        } finally {
            inResponseContent = false;
        }
    }

    /** Every filter is told, whatever another one throws. */
    void onEnd() {
        for (int i = 0; i < chain.size(); i++) {
            try {
                chain.onEnd(this, i);
            } catch (Throwable e) {
                failed(e);
            }
        }
    }

    boolean changesRequestBody() {
        return chain.changesRequestBody();
    }

    boolean changesResponseBody() {
        return chain.changesResponseBody();
    }

    private boolean failed(Throwable failure) {
        exchange.onFilterFailure(failure);
        return false;
    }

    @Override
    public boolean isAnswered() {
        return answer != null;
    }

    @Override
    public void respond(int status, String contentType, byte[] body) {
        if (!inRequestHead) {
            throw new IllegalStateException("only a request head can be answered");
        }
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status out of range: status=" + status);
        }
        if (body.length > ANSWER_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "answer too long: length=" + body.length + ", limit=" + ANSWER_BYTES_MAX);
        }
        answer = new LocalAnswer(status, contentType.getBytes(StandardCharsets.ISO_8859_1), body, List.of());
    }

    @Override
    public void makeGrpc() {
        if (!inRequestHead) {
            throw new IllegalStateException("a call is made of a request head only");
        }
        exchange.madeGrpc();
    }

    @Override
    public void refuseContent() {
        if (!inRequestContent) {
            throw new IllegalStateException("only content that is being read can be refused");
        }
        isContentRefused = true;
    }

    @Override
    public void breakResponse() {
        if (!inResponseContent) {
            throw new IllegalStateException("only a response whose content is being read can be broken off");
        }
        isResponseBroken = true;
    }

    @Override
    public String clientAddress() {
        return exchange.identity().client().toString();
    }

    @Override
    public String routeName() {
        return exchange.route().name();
    }

    @Override
    public @Nullable Object state(Filter filter) {
        return states[indexOf(filter)];
    }

    @Override
    public void state(Filter filter, @Nullable Object state) {
        states[indexOf(filter)] = state;
    }

    private int indexOf(Filter filter) {
        int index = chain.indexOf(filter);
        if (index < 0) {
            throw new IllegalArgumentException("not a filter of this route: " + filter);
        }
        return index;
    }
}
