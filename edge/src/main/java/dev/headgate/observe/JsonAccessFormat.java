package dev.headgate.observe;

import dev.headgate.engine.HotPath;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object per line. Keys come in a fixed order, absent values are left out, and {@code "truncated":true} ends a
 * record in which a value was cut.
 */
@HotPath
final class JsonAccessFormat implements AccessFormat {
    private static final byte[] TIME = start("{\"time\":\"");
    private static final byte[] REQUEST_ID = key("request_id", "\"");
    private static final byte[] CLIENT = key("client", "\"");
    private static final byte[] LISTENER = key("listener", "\"");
    private static final byte[] PROTOCOL = key("protocol", "\"");
    private static final byte[] METHOD = key("method", "\"");
    private static final byte[] HOST = key("host", "\"");
    private static final byte[] PATH = key("path", "\"");
    private static final byte[] STATUS = key("status", "");
    private static final byte[] CAUSE = key("cause", "\"");
    private static final byte[] FALLBACK = key("fallback", "\"");
    private static final byte[] ROUTE = key("route", "\"");
    private static final byte[] UPSTREAM = key("upstream", "\"");
    private static final byte[] ENDPOINT = key("endpoint", "\"");
    private static final byte[] ATTEMPTS = key("attempts", "");
    private static final byte[] BYTES_IN = key("bytes_in", "");
    private static final byte[] BYTES_OUT = key("bytes_out", "");
    private static final byte[] DURATION_US = key("duration_us", "");
    private static final byte[] UPSTREAM_US = key("upstream_us", "");
    private static final byte[] OVERHEAD_US = key("overhead_us", "");
    private static final byte[] TLS = key("tls", "\"");
    private static final byte[] TLS_CLIENT = key("tls_client", "\"");
    private static final byte[] TLS_CLIENT_SHA256 = key("tls_client_sha256", "\"");
    private static final byte[] TLS_CLIENT_FAULT = key("tls_client_fault", "\"");
    private static final byte[] USER_AGENT = key("user_agent", "\"");
    private static final byte[] REFERER = key("referer", "\"");
    private static final byte[] TRUNCATED = key("truncated", "true");

    /** Keys, punctuation and seven numbers take about 540 bytes. */
    private static final int FIXED_BYTES_MAX = 720;

    private final LogClock clock = new LogClock();
    private boolean whole;

    private static byte[] start(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] key(String name, String valueStart) {
        return start(",\"" + name + "\":" + valueStart);
    }

    @Override
    public int bytesMax(AccessRecord record) {
        return FIXED_BYTES_MAX
                + spanMax(record.requestId, FieldLimits.REQUEST_ID_BYTES_MAX)
                + spanMax(record.client, FieldLimits.CLIENT_BYTES_MAX)
                + spanMax(record.method, FieldLimits.METHOD_BYTES_MAX)
                + spanMax(record.host, FieldLimits.HOST_BYTES_MAX)
                + spanMax(record.path, FieldLimits.PATH_BYTES_MAX)
                + spanMax(record.query, FieldLimits.QUERY_BYTES_MAX)
                + spanMax(record.userAgent, FieldLimits.USER_AGENT_BYTES_MAX)
                + spanMax(record.referer, FieldLimits.REFERER_BYTES_MAX)
                + lengthOf(record.listener)
                + lengthOf(record.protocol)
                + lengthOf(record.tls)
                + lengthOf(record.tlsClient)
                + lengthOf(record.tlsClientSha256)
                + lengthOf(record.tlsClientFault)
                + lengthOf(record.cause)
                + lengthOf(record.fallback)
                + lengthOf(record.route)
                + lengthOf(record.upstream)
                + lengthOf(record.endpoint);
    }

    private static int spanMax(ByteSpan text, int limit) {
        return FieldLimits.encodedMax(text, JsonText.EXPANSION, limit);
    }

    private static int lengthOf(@Nullable LogLabel label) {
        return label == null ? 0 : label.json().length;
    }

    @Override
    public void put(LogBlock block, AccessRecord record) {
        whole = true;
        block.put(TIME);
        clock.putRfc3339(block, record.timeMs);
        block.put((byte) '"');
        text(block, REQUEST_ID, record.requestId, FieldLimits.REQUEST_ID_BYTES_MAX);
        text(block, CLIENT, record.client, FieldLimits.CLIENT_BYTES_MAX);
        label(block, LISTENER, record.listener);
        label(block, PROTOCOL, record.protocol);
        text(block, METHOD, record.method, FieldLimits.METHOD_BYTES_MAX);
        text(block, HOST, record.host, FieldLimits.HOST_BYTES_MAX);
        target(block, record);
        number(block, STATUS, record.status);
        label(block, CAUSE, record.cause);
        label(block, FALLBACK, record.fallback);
        label(block, ROUTE, record.route);
        label(block, UPSTREAM, record.upstream);
        label(block, ENDPOINT, record.endpoint);
        number(block, ATTEMPTS, record.attempts);
        number(block, BYTES_IN, record.bytesIn);
        number(block, BYTES_OUT, record.bytesOut);
        number(block, DURATION_US, record.durationUs);
        number(block, UPSTREAM_US, record.upstreamUs);
        number(block, OVERHEAD_US, record.overheadUs);
        label(block, TLS, record.tls);
        label(block, TLS_CLIENT, record.tlsClient);
        label(block, TLS_CLIENT_SHA256, record.tlsClientSha256);
        label(block, TLS_CLIENT_FAULT, record.tlsClientFault);
        text(block, USER_AGENT, record.userAgent, FieldLimits.USER_AGENT_BYTES_MAX);
        text(block, REFERER, record.referer, FieldLimits.REFERER_BYTES_MAX);
        if (!whole) {
            block.put(TRUNCATED);
        }
        block.put((byte) '}');
        block.endRecord();
    }

    private void text(LogBlock block, byte[] key, ByteSpan text, int limit) {
        if (text.isPresent()) {
            block.put(key);
            whole &= JsonText.put(block, text, limit);
            block.put((byte) '"');
        }
    }

    private void target(LogBlock block, AccessRecord record) {
        if (record.path.isPresent()) {
            block.put(PATH);
            whole &= JsonText.put(block, record.path, FieldLimits.PATH_BYTES_MAX);
            if (record.query.isPresent()) {
                block.put((byte) '?');
                whole &= JsonText.put(block, record.query, FieldLimits.QUERY_BYTES_MAX);
            }
            block.put((byte) '"');
        }
    }

    private static void label(LogBlock block, byte[] key, @Nullable LogLabel label) {
        if (label != null) {
            block.put(key);
            block.put(label.json());
            block.put((byte) '"');
        }
    }

    private static void number(LogBlock block, byte[] key, long number) {
        block.put(key);
        block.putNumber(number);
    }
}
