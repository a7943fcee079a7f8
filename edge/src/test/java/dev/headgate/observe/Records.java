package dev.headgate.observe;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Access records and their texts for tests. */
final class Records {
    /** 2026-01-02T03:04:05.678Z. */
    static final long TIME_MS = 1_767_323_045_678L;

    private Records() {}

    static void set(ByteSpan span, byte[] bytes) {
        // Not at the start of its buffer, and direct, as heads are.
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length + 5);
        buffer.put(3, bytes);
        span.set(buffer, 3, bytes.length);
    }

    static void set(ByteSpan span, String text) {
        set(span, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A record like most. */
    static AccessRecord usual() {
        AccessRecord record = new AccessRecord();
        record.timeMs = TIME_MS;
        set(record.requestId, "0193f2a7c1e84b3d9a5e6f7081929394");
        set(record.client, "192.0.2.7");
        set(record.method, "GET");
        set(record.host, "shop.example.com");
        set(record.path, "/static/app.js?v=3");
        set(record.userAgent, "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
        set(record.referer, "https://shop.example.com/");
        record.listener = LogLabel.of("web");
        record.protocol = LogLabel.of("HTTP/1.1");
        record.route = LogLabel.of("static");
        record.upstream = LogLabel.of("app");
        record.endpoint = LogLabel.of("10.0.0.11:8080");
        record.status = 200;
        record.attempts = 1;
        record.bytesIn = 412;
        record.bytesOut = 1_234;
        record.durationUs = 1_500;
        record.upstreamUs = 1_420;
        record.overheadUs = 80;
        return record;
    }

    /** What the format makes of the record; fails if it takes more bytes than the format had announced. */
    static byte[] format(AccessFormat format, AccessRecord record) {
        LogBlock block = new LogBlock(format.bytesMax(record));
        format.put(block, record);
        return block.toByteArray();
    }
}
