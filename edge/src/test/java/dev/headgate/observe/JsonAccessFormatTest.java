package dev.headgate.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonAccessFormatTest {
    private final JsonAccessFormat format = new JsonAccessFormat();

    @Test
    void writesTheFieldsInTheirOrder() {
        AccessRecord record = Records.usual();
        record.cause = LogLabel.of("connect_refused");
        record.fallback = LogLabel.of("answer");

        assertEquals("""
                {"time":"2026-01-02T03:04:05.678Z","request_id":"0193f2a7c1e84b3d9a5e6f7081929394",\
                "client":"192.0.2.7","listener":"web","protocol":"HTTP/1.1","method":"GET",\
                "host":"shop.example.com","path":"/static/app.js?v=3","status":200,"cause":"connect_refused",\
                "fallback":"answer",\
                "route":"static","upstream":"app","endpoint":"10.0.0.11:8080","attempts":1,"bytes_in":412,\
                "bytes_out":1234,"duration_us":1500,"upstream_us":1420,"overhead_us":80,\
                "user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",\
                "referer":"https://shop.example.com/"}
                """, text(record));
    }

    @Test
    void leavesOutWhatIsAbsentButNotWhatIsEmpty() {
        AccessRecord record = new AccessRecord();
        Records.set(record.referer, "");

        Map<String, Object> read = parse(record);

        assertEquals(
                List.of(
                        "time",
                        "status",
                        "attempts",
                        "bytes_in",
                        "bytes_out",
                        "duration_us",
                        "upstream_us",
                        "overhead_us",
                        "referer"),
                List.copyOf(read.keySet()));
        assertEquals("", read.get("referer"));
    }

    @Test
    void forgetsEverythingWhenTheRecordIsCleared() {
        AccessRecord record = Records.usual();
        record.cause = LogLabel.of("no_route");
        record.clear();

        assertEquals(text(new AccessRecord()), text(record));
    }

    @Test
    void writesTheGreatestNumbersAndNoNegativeOnes() {
        AccessRecord record = new AccessRecord();
        record.bytesIn = Long.MAX_VALUE;
        record.bytesOut = 9_999_999_999L;
        record.durationUs = 10;
        record.upstreamUs = 9;
        record.overheadUs = -1;

        Map<String, Object> read = parse(record);

        assertEquals(Long.MAX_VALUE, read.get("bytes_in"));
        assertEquals(9_999_999_999L, read.get("bytes_out"));
        assertEquals(10L, read.get("duration_us"));
        assertEquals(9L, read.get("upstream_us"));
        assertEquals(0L, read.get("overhead_us"));
    }

    @Test
    void saysWhenAValueWasCut() {
        for (int length : new int[] {FieldLimits.HOST_BYTES_MAX - 1, FieldLimits.HOST_BYTES_MAX}) {
            AccessRecord record = new AccessRecord();
            Records.set(record.host, "h".repeat(length));
            assertEquals("h".repeat(length), parse(record).get("host"));
            assertEquals(null, parse(record).get("truncated"));
        }
        AccessRecord record = new AccessRecord();
        Records.set(record.host, "h".repeat(FieldLimits.HOST_BYTES_MAX + 1));
        assertEquals("h".repeat(FieldLimits.HOST_BYTES_MAX), parse(record).get("host"));
        assertEquals(true, parse(record).get("truncated"));
    }

    @Test
    void fitsTheWorstRecordIntoABlock() {
        byte[] worst = new byte[100_000];
        Arrays.fill(worst, (byte) 0xFF);
        AccessRecord record = Records.usual();
        for (ByteSpan span : List.of(
                record.requestId,
                record.client,
                record.method,
                record.host,
                record.path,
                record.userAgent,
                record.referer)) {
            Records.set(span, worst);
        }
        LogLabel longest = LogLabel.of("\u0001".repeat(5_000));
        record.listener = longest;
        record.protocol = longest;
        record.cause = longest;
        record.route = longest;
        record.upstream = longest;
        record.endpoint = longest;

        assertTrue(format.bytesMax(record) <= AccessLog.BLOCK_BYTES);
        assertEquals(true, parse(record).get("truncated"));
    }

    @Test
    void escapesNamesOfTheConfiguration() {
        AccessRecord record = new AccessRecord();
        record.route = LogLabel.of("a \"b\" \\ \n é \u2028");

        assertEquals("a \"b\" \\ \n é \u2028", parse(record).get("route"));
    }

    private String text(AccessRecord record) {
        return new String(Records.format(format, record), StandardCharsets.UTF_8);
    }

    private Map<String, Object> parse(AccessRecord record) {
        byte[] line = Records.format(format, record);
        return StrictJson.parse(Arrays.copyOf(line, line.length - 1));
    }
}
