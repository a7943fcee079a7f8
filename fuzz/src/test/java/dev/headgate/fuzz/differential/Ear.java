package dev.headgate.fuzz.differential;

import dev.headgate.filter.Filter;
import dev.headgate.filter.FilterContext;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.TargetForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Hears inside the proxy what it understood, before anything of it is written. Each exchange gets a tag, which travels
 * with both messages in a field.
 */
final class Ear implements Filter {
    /** The field's name. */
    static final String TAG = "x-tag";

    private final Bodies bodies;
    private final AtomicInteger exchanges = new AtomicInteger();
    private final Map<String, Understood> understood = new ConcurrentHashMap<>();

    /** With {@code BOTH}, content is heard too; it then goes on in chunks, and otherwise framed as it came. */
    Ear(Bodies bodies) {
        this.bodies = bodies;
    }

    /** What was understood of the exchange with this tag. */
    Understood understood(String tag) {
        return Objects.requireNonNull(understood.get(tag), () -> "no exchange \"" + tag + "\"");
    }

    @Override
    public Bodies bodies() {
        return bodies;
    }

    @Override
    public void onRequestHead(FilterContext context, RequestHead head) {
        String tag = Integer.toString(exchanges.getAndIncrement());
        head.fields().add(latin1(TAG), latin1(tag));
        var exchange = new Understood(
                text(head.bytes(), head.methodOffset(), head.methodLength()),
                target(head),
                text(head.bytes(), head.authorityOffset(), head.authorityLength()),
                Understood.endToEnd(head.fields()));
        understood.put(tag, exchange);
        context.state(this, exchange);
    }

    private static String target(RequestHead head) {
        if (head.targetForm() == TargetForm.ASTERISK) {
            return "*";
        }
        String path = text(head.bytes(), head.pathOffset(), head.pathLength());
        return head.queryLength() < 0 ? path : path + "?" + text(head.bytes(), head.queryOffset(), head.queryLength());
    }

    @Override
    public ByteBuffer onRequestBody(FilterContext context, ByteBuffer bytes) {
        state(context).onRequestBody(text(bytes, bytes.position(), bytes.remaining()));
        return bytes;
    }

    @Override
    public @Nullable ByteBuffer onRequestEnd(FilterContext context) {
        state(context).onRequestEnd();
        return null;
    }

    @Override
    public void onResponseHead(FilterContext context, ResponseHead head) {
        var exchange = state(context);
        exchange.onResponseHead(head.status(), Understood.endToEnd(head.fields()));
    }

    @Override
    public ByteBuffer onResponseBody(FilterContext context, ByteBuffer bytes) {
        state(context).onResponseBody(text(bytes, bytes.position(), bytes.remaining()));
        return bytes;
    }

    @Override
    public @Nullable ByteBuffer onResponseEnd(FilterContext context) {
        state(context).onResponseEnd();
        return null;
    }

    private Understood state(FilterContext context) {
        return (Understood) Objects.requireNonNull(context.state(this));
    }

    private static String text(ByteBuffer bytes, int offset, int length) {
        byte[] copy = new byte[Math.max(length, 0)];
        bytes.get(offset, copy);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
