package dev.headgate.http.h1;

import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Violation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Decodes the framing of one message's content. */
public final class BodyDecoder {
    private final FieldSection trailers = new FieldSection();

    /** A decoder to be started. */
    public BodyDecoder() {}

    public void start(BodyKind kind, long contentLength, Http1Limits limits) {}

    public int next(ByteBuffer source) {
        return Decode.NEED_MORE;
    }

    public int dataLength() {
        return 0;
    }

    public void taken(int length) {}

    public FieldSection trailers() {
        return trailers;
    }

    public boolean onEndOfStream() {
        return false;
    }

    public boolean isEnded() {
        return false;
    }

    public @Nullable Violation violation() {
        return null;
    }
}
