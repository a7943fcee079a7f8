package dev.headgate.observe;

import dev.headgate.engine.LoopConfined;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link AccessRecord} says of the beginning of something that goes on for long, kept small until it is over. The bytes that the record
 * points at are copied: their buffers are free to go.
 */
@LoopConfined
public final class KeptRecord {
    private static final int SPANS = 8;
    private static final int ABSENT = -1;

    private final long timeMs;
    private final long upstreamUs;
    private final long overheadUs;
    private final long bytesIn;
    private final long bytesOut;
    private final int status;
    private final int attempts;
    private final @Nullable LogLabel listener;
    private final @Nullable LogLabel protocol;
    private final @Nullable LogLabel tls;
    private final @Nullable LogLabel tlsClient;
    private final @Nullable LogLabel tlsClientSha256;
    private final @Nullable LogLabel tlsClientFault;
    private final @Nullable LogLabel fallback;
    private final @Nullable LogLabel route;
    private final @Nullable LogLabel upstream;
    private final @Nullable LogLabel endpoint;
    private final byte[] text; // of the spans, one behind the other
    private final short[] lengths; // of each in the order of spans(), or ABSENT

    private KeptRecord(AccessRecord record) {
        this.timeMs = record.timeMs;
        this.upstreamUs = record.upstreamUs;
        this.overheadUs = record.overheadUs;
        this.bytesIn = record.bytesIn;
        this.bytesOut = record.bytesOut;
        this.status = record.status;
        this.attempts = record.attempts;
        this.listener = record.listener;
        this.protocol = record.protocol;
        this.tls = record.tls;
        this.tlsClient = record.tlsClient;
        this.tlsClientSha256 = record.tlsClientSha256;
        this.tlsClientFault = record.tlsClientFault;
        this.fallback = record.fallback;
        this.route = record.route;
        this.upstream = record.upstream;
        this.endpoint = record.endpoint;
        this.lengths = new short[SPANS];
        ByteSpan[] spans = spans(record);
        int bytes = 0;
        for (int i = 0; i < SPANS; i++) {
            int length = keptLength(spans[i], limit(i));
            lengths[i] = (short) length;
            bytes += Math.max(length, 0);
        }
        this.text = new byte[bytes];
        int at = 0;
        for (int i = 0; i < SPANS; i++) {
            int length = Math.max(lengths[i], 0);
            spans[i].copyTo(text, at, length);
            at += length;
        }
    }

    /** Keeps what {@code record} says; the record is free to be used again. */
    public static KeptRecord of(AccessRecord record) {
        return new KeptRecord(record);
    }

    /** One byte more than is ever shown, so that it still shows that there was more. */
    private static int keptLength(ByteSpan span, int limit) {
        return span.isPresent() ? Math.min(span.length(), limit + 1) : ABSENT;
    }

    private static ByteSpan[] spans(AccessRecord record) {
        return new ByteSpan[] {
            record.requestId,
            record.client,
            record.method,
            record.host,
            record.path,
            record.query,
            record.userAgent,
            record.referer
        };
    }

    private static int limit(int span) {
        return switch (span) {
            case 0 -> FieldLimits.REQUEST_ID_BYTES_MAX;
            case 1 -> FieldLimits.CLIENT_BYTES_MAX;
            case 2 -> FieldLimits.METHOD_BYTES_MAX;
            case 3 -> FieldLimits.HOST_BYTES_MAX;
            case 4 -> FieldLimits.PATH_BYTES_MAX;
            case 5 -> FieldLimits.QUERY_BYTES_MAX;
            case 6 -> FieldLimits.USER_AGENT_BYTES_MAX;
            default -> FieldLimits.REFERER_BYTES_MAX;
        };
    }

    /** Says in {@code record}, which is cleared, what was kept; cause and duration are for the caller to add. */
    public void writeTo(AccessRecord record) {
        record.clear();
        record.timeMs = timeMs;
        record.upstreamUs = upstreamUs;
        record.overheadUs = overheadUs;
        record.bytesIn = bytesIn;
        record.bytesOut = bytesOut;
        record.status = status;
        record.attempts = attempts;
        record.listener = listener;
        record.protocol = protocol;
        record.tls = tls;
        record.tlsClient = tlsClient;
        record.tlsClientSha256 = tlsClientSha256;
        record.tlsClientFault = tlsClientFault;
        record.fallback = fallback;
        record.route = route;
        record.upstream = upstream;
        record.endpoint = endpoint;
        ByteBuffer bytes = ByteBuffer.wrap(text);
        ByteSpan[] spans = spans(record);
        int at = 0;
        for (int i = 0; i < SPANS; i++) {
            if (lengths[i] != ABSENT) {
                spans[i].set(bytes, at, lengths[i]);
                at += lengths[i];
            }
        }
    }
}
