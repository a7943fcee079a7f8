package dev.headgate.observe;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What does a line of the access log cost the loop, beside what the JDK's formatter takes? In this package for the formats' sake. */
@State(Scope.Thread)
public class AccessLogBench {
    private static final long TIME_MS = 1_767_323_045_678L;
    private static final String USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

    private final AccessRecord record = new AccessRecord();
    private final AccessFormat json = new JsonAccessFormat();
    private final AccessFormat common = new CommonAccessFormat(CommonAccessFormat.Columns.COMBINED);
    private final LogBlock block = new LogBlock(AccessLog.BLOCK_BYTES);

    @Setup
    public void setUp() {
        record.timeMs = TIME_MS;
        set(record.requestId, "0193f2a7c1e84b3d9a5e6f7081929394");
        set(record.client, "192.0.2.7");
        set(record.method, "GET");
        set(record.host, "shop.example.com");
        set(record.path, "/static/app.js?v=3");
        set(record.userAgent, USER_AGENT);
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
    }

    private static void set(ByteSpan span, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        span.set(ByteBuffer.allocateDirect(bytes.length).put(bytes), 0, bytes.length);
    }

    @Benchmark
    public int json() {
        return put(json);
    }

    @Benchmark
    public int combined() {
        return put(common);
    }

    private int put(AccessFormat format) {
        block.clear();
        record.timeMs++;
        format.put(block, record);
        return block.index();
    }

    /** Only what the combined format has. */
    @Benchmark
    public byte[] formatter() {
        record.timeMs++;
        return String.format(
                        Locale.ROOT,
                        "%s - - [%s] \"%s %s %s\" %d %d \"%s\" \"%s\"%n",
                        "192.0.2.7",
                        Instant.ofEpochMilli(record.timeMs),
                        "GET",
                        "/static/app.js?v=3",
                        "HTTP/1.1",
                        record.status,
                        record.bytesOut,
                        "https://shop.example.com/",
                        USER_AGENT)
                .getBytes(StandardCharsets.UTF_8);
    }
}
