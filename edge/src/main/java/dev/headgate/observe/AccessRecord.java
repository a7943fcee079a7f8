package dev.headgate.observe;

import dev.headgate.engine.LoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * What the access log tells about one exchange. A carrier that its owner fills, passes to {@link AccessLogWriter#write} and
 * reuses; a span that is absent and a label that is null are left out of the record.
 */
@LoopConfined
public final class AccessRecord {
    /** When the exchange began, in milliseconds since the epoch. */
    public long timeMs;

    public final ByteSpan requestId = new ByteSpan();
    public final ByteSpan client = new ByteSpan();
    public final ByteSpan method = new ByteSpan();
    public final ByteSpan host = new ByteSpan();

    /** The canonical path, which is the one that was routed and forwarded; of a refused request the target as received. */
    public final ByteSpan path = new ByteSpan();

    /** The query without its question mark; it follows the path in the record. */
    public final ByteSpan query = new ByteSpan();

    public final ByteSpan userAgent = new ByteSpan();
    public final ByteSpan referer = new ByteSpan();

    public @Nullable LogLabel listener;
    public @Nullable LogLabel protocol;

    /** TLS version and cipher suite; null on a plain connection. */
    public @Nullable LogLabel tls;

    /** The subject of the client's certificate; null when it has shown none, or one that is not verified. */
    public @Nullable LogLabel tlsClient;

    /** Its fingerprint, likewise. */
    public @Nullable LogLabel tlsClientSha256;

    /** Why the client's certificate is not verified; null when it is, or there is none. */
    public @Nullable LogLabel tlsClientFault;

    /** Why the proxy answered itself; null when it did not. */
    public @Nullable LogLabel cause;

    /** Why the fallback of the route was taken; null when it was not. */
    public @Nullable LogLabel fallback;

    public @Nullable LogLabel route;
    public @Nullable LogLabel upstream;

    /** The endpoint of the last attempt. */
    public @Nullable LogLabel endpoint;

    /** The final status, or 0 when none was sent. */
    public int status;

    public int attempts;

    /** Head and content of the request as received; chunk framing does not count. */
    public long bytesIn;

    /** Head and content of the response as sent; chunk framing does not count. */
    public long bytesOut;

    public long durationUs;
    public long upstreamUs;
    public long overheadUs;

    public AccessRecord() {}

    /** Makes everything absent or zero, and forgets the lent buffers. */
    public void clear() {
        timeMs = 0;
        requestId.clear();
        client.clear();
        method.clear();
        host.clear();
        path.clear();
        query.clear();
        userAgent.clear();
        referer.clear();
        listener = null;
        protocol = null;
        tls = null;
        tlsClient = null;
        tlsClientSha256 = null;
        tlsClientFault = null;
        cause = null;
        fallback = null;
        route = null;
        upstream = null;
        endpoint = null;
        status = 0;
        attempts = 0;
        bytesIn = 0;
        bytesOut = 0;
        durationUs = 0;
        upstreamUs = 0;
        overheadUs = 0;
    }
}
