package dev.headgate.fuzz.oracle;

import dev.headgate.http.BodyKind;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.ResponseHead;
import java.util.List;

/**
 * All that a response head says.
 *
 * @param contentLength what the origin named, or −1
 */
public record ResponseModel(
        int status, int minorVersion, BodyKind body, long contentLength, boolean persistent, List<String> fields) {

    /** What a decoded head says. */
    public static ResponseModel of(ResponseHead head) {
        return new ResponseModel(
                head.status(),
                head.version() == HttpVersion.HTTP_1_0 ? 0 : 1,
                head.bodyKind(),
                head.contentLength(),
                head.isPersistent(),
                RequestModel.lines(head.fields()));
    }
}
