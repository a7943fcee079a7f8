package dev.headgate.probe;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import java.nio.ByteBuffer;

/** Makes heads from text of our own. */
final class WrittenHead {
    private WrittenHead() {}

    /** The head that {@code text} is by HTTP/1.1, with bytes of its own. */
    static RequestHead of(byte[] text) {
        RequestHead head = new RequestHead();
        int result = new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(ByteBuffer.wrap(text), head);
        if (result != Decode.COMPLETE) {
            throw new IllegalArgumentException("not a request that a server takes: " + head.violation());
        }
        head.retain(ByteBuffer.allocateDirect(text.length));
        return head;
    }
}
