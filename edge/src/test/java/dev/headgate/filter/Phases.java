package dev.headgate.filter;

import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Changes nothing, and tells of each phase of an exchange, with the exchange's target. */
final class Phases implements Filter {
    enum Phase {
        REQUEST_HEAD,
        REQUEST_BODY,
        REQUEST_END,
        RESPONSE_HEAD,
        RESPONSE_BODY,
        RESPONSE_END,
        END
    }

    private final BiConsumer<Phase, String> listener;

    Phases(BiConsumer<Phase, String> listener) {
        this.listener = listener;
    }

    /** Throws in this phase of the requests for {@code /fail}. */
    static Phases failingIn(Phase failing) {
        return failingIn(failing, new IllegalStateException("asked to fail in " + failing));
    }

    /** Throws {@code failure}, which is unchecked, in this phase of the requests for {@code /fail}. */
    static Phases failingIn(Phase failing, Throwable failure) {
        return new Phases((phase, target) -> {
            if (phase == failing && target.equals("/fail")) {
                switch (failure) {
                    case RuntimeException exception -> throw exception;
                    case Error error -> throw error;
                    default -> throw new IllegalArgumentException(failure);
                }
            }
        });
    }

    static String target(RequestHead head) {
        byte[] target = new byte[head.targetLength()];
        head.bytes().get(head.targetOffset(), target);
        return new String(target, StandardCharsets.US_ASCII);
    }

    private void on(Phase phase, FilterContext context) {
        listener.accept(phase, (String) Objects.requireNonNull(context.state(this)));
    }

    @Override
    public Bodies bodies() {
        return Bodies.BOTH;
    }

    @Override
    public void onRequestHead(FilterContext context, RequestHead head) {
        context.state(this, target(head));
        on(Phase.REQUEST_HEAD, context);
    }

    @Override
    public ByteBuffer onRequestBody(FilterContext context, ByteBuffer bytes) {
        on(Phase.REQUEST_BODY, context);
        return bytes;
    }

    @Override
    public @Nullable ByteBuffer onRequestEnd(FilterContext context) {
        on(Phase.REQUEST_END, context);
        return null;
    }

    @Override
    public void onResponseHead(FilterContext context, ResponseHead head) {
        on(Phase.RESPONSE_HEAD, context);
    }

    @Override
    public ByteBuffer onResponseBody(FilterContext context, ByteBuffer bytes) {
        on(Phase.RESPONSE_BODY, context);
        return bytes;
    }

    @Override
    public @Nullable ByteBuffer onResponseEnd(FilterContext context) {
        on(Phase.RESPONSE_END, context);
        return null;
    }

    @Override
    public void onEnd(FilterContext context) {
        on(Phase.END, context);
    }
}
