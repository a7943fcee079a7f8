package dev.headgate.upstream;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * Streams of a connection that have failed, in order, until their exchanges and tunnels may learn of it: who learns of a failure may do
 * anything, such as try again on the same connection, or give up others.
 */
@LoopConfined
@HotPath
final class FailedStreams {
    private @Nullable Http2ClientStream first;
    private @Nullable Http2ClientStream last;

    FailedStreams() {}

    boolean isEmpty() {
        return first == null;
    }

    void add(Http2ClientStream failed) {
        if (last == null) {
            first = failed;
        } else {
            last.next = failed;
        }
        last = failed;
    }

    /** Tells all of them, those that fail meanwhile included. The objects go back to {@code client}. */
    void tell(Http2Client client) {
        for (Http2ClientStream failed = first; failed != null; failed = first) {
            first = failed.next;
            failed.next = null;
            if (first == null) {
                last = null;
            }
            failed.tellFailure();
            failed.forget();
            client.give(failed);
        }
    }
}
