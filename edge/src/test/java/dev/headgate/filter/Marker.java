package dev.headgate.filter;

import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Leaves its name wherever it comes by: in both heads, around every byte of both bodies, and behind them. */
record Marker(String name) implements Filter {
    @Override
    public Bodies bodies() {
        return Bodies.BOTH;
    }

    @Override
    public void onRequestHead(FilterContext context, RequestHead head) {
        head.fields().add(ascii("X-Mark"), ascii(name));
    }

    @Override
    public ByteBuffer onRequestBody(FilterContext context, ByteBuffer bytes) {
        return marked(bytes);
    }

    @Override
    public @Nullable ByteBuffer onRequestEnd(FilterContext context) {
        return ByteBuffer.wrap(ascii("/" + name));
    }

    @Override
    public void onResponseHead(FilterContext context, ResponseHead head) {
        head.fields().add(ascii("X-Mark"), ascii(name));
    }

    @Override
    public ByteBuffer onResponseBody(FilterContext context, ByteBuffer bytes) {
        return marked(bytes);
    }

    @Override
    public @Nullable ByteBuffer onResponseEnd(FilterContext context) {
        return ByteBuffer.wrap(ascii("/" + name));
    }

    private ByteBuffer marked(ByteBuffer bytes) {
        StringBuilder text = new StringBuilder();
        while (bytes.hasRemaining()) {
            text.append((char) bytes.get()).append(name);
        }
        return ByteBuffer.wrap(ascii(text.toString()));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
