package dev.headgate.testkit.h2;

import dev.headgate.testkit.peer.Fields;
import java.util.List;

/**
 * A response as a client received it.
 *
 * @param status 0 while none has come
 * @param interim the statuses of interim responses before it
 * @param text the content as ISO 8859-1
 * @param resetCode of the RST_STREAM that ended it, or −1 for none
 */
public record Http2Response(
        int streamId,
        int status,
        Fields fields,
        List<Integer> interim,
        String text,
        Fields trailers,
        boolean isComplete,
        long resetCode) {

    @Override
    public String toString() {
        return "stream %d: %d %s interim=%s content=%d trailers=%s %s"
                .formatted(
                        streamId,
                        status,
                        fields.lines(),
                        interim,
                        text.length(),
                        trailers.lines(),
                        resetCode >= 0 ? "reset " + Codes.name((int) resetCode) : isComplete ? "complete" : "open");
    }
}
