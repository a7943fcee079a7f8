package dev.headgate.http.h1;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Persistence;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes request heads. */
public final class RequestEncoder {
    private RequestEncoder() {}

    public static boolean encode(
            ByteBuffer out,
            RequestHead head,
            byte @Nullable [] hostOverride,
            BodyKind kind,
            long contentLength,
            Persistence persistence) {
        return false;
    }
}
