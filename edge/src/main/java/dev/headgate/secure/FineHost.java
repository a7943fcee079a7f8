package dev.headgate.secure;

import dev.headgate.engine.LoopConfined;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;

/** The host that was judged last on a connection and found fine, so that it need not be judged with each request. */
@LoopConfined
public final class FineHost {
    private final byte[] host;

    private FineHost(byte[] host) {
        this.host = host;
    }

    /** The host of {@code head}. */
    public static FineHost of(RequestHead head) {
        byte[] copy = new byte[head.hostLength()];
        head.bytes().get(head.hostOffset(), copy);
        return new FineHost(copy);
    }

    /** Whether {@code head} is for this host. */
    public boolean isOf(RequestHead head) {
        if (head.hostLength() != host.length) {
            return false;
        }
        ByteBuffer bytes = head.bytes();
        int offset = head.hostOffset();
        for (int i = 0; i < host.length; i++) {
            if (bytes.get(offset + i) != host[i]) {
                return false;
            }
        }
        return true;
    }
}
