package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import dev.headgate.forward.RequestIdentity;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import java.nio.charset.StandardCharsets;

/**
 * Requests that came as early data of TLS somewhere before, so that anybody on the way can have sent them twice (RFC 8470). We take no
 * early data ourselves; a trusted proxy that does marks them. What an untrusted client marks goes on as it came: it is no proxy's to remove
 * (§5.1), and can only make an origin more careful.
 */
@HotPath
final class EarlyData {
    private static final byte[] NAME = "early-data".getBytes(StandardCharsets.US_ASCII);

    private EarlyData() {}

    /** Whether the request has to be sent again when its client's handshake is done; any value of the field counts (§5.1). */
    static boolean isTooEarly(RequestHead head, RequestIdentity identity) {
        return identity.isFromTrustedProxy()
                && !Method.isSafe(head.method())
                && head.fields().find(NAME) >= 0;
    }
}
