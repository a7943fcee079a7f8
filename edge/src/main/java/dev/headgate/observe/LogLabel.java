package dev.headgate.observe;

import dev.headgate.engine.Immutable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A name from the configuration or the code, encoded once so that records only copy it. */
@Immutable
public final class LogLabel {
    static final int ENCODED_BYTES_MAX = 1024;

    private final byte[] json;

    private LogLabel(byte[] json) {
        this.json = json;
    }

    /** Encodes {@code text}; more than a kibibyte of it is cut. */
    public static LogLabel of(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ByteSpan span = new ByteSpan();
        span.set(ByteBuffer.wrap(utf8), 0, utf8.length);
        LogBlock block = new LogBlock(ENCODED_BYTES_MAX);
        JsonText.put(block, span, ENCODED_BYTES_MAX);
        return new LogLabel(block.toByteArray());
    }

    /** What goes between the quotes of a JSON string; lent, not to be changed. */
    byte[] json() {
        return json;
    }

    @Override
    public String toString() {
        return new String(json, StandardCharsets.UTF_8);
    }
}
