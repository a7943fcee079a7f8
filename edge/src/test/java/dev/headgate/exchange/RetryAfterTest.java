package dev.headgate.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.http.FieldSection;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private static final long NOW_MS = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0",
                "1|1000",
                "120|120000",
                "2147483647|0",
                "Sun, 01 Mar 2026 00:00:01 GMT|1000",
                "Sat, 28 Feb 2026 23:59:59 GMT|0",
                "Mon, 01 Mar 2027 00:00:00 GMT|31536000000",
                "Sunday, 01-Mar-26 00:00:01 GMT|0",
                "Sun, 01 Mrz 2026 00:00:01 GMT|0",
                "Sun, 01 Mar 2026 00:00:01 GM1|0",
                "-1|0",
                "1.5|0",
                "soon|0",
            })
    void saysHowLong(String value, long waitMs) {
        long expected = value.equals("2147483647") ? RetryAfter.NEVER : TimeUnit.MILLISECONDS.toNanos(waitMs);
        assertEquals(expected, RetryAfter.waitNs(fields("Retry-After: " + value), false, NOW_MS));
    }

    @Test
    void saysNothingWhereItIsNot() {
        assertEquals(RetryAfter.NOTHING, RetryAfter.waitNs(fields("X: 1"), true, NOW_MS));
    }

    @Property
    void dateIsReadAsTheClockHasIt(@ForAll @LongRange(min = 0, max = 253_402_300_799L) long second) {
        String date = IMF_FIXDATE.format(Instant.ofEpochSecond(second));
        long waitMs = Math.max(0, second * 1000 - NOW_MS);
        long expected = waitMs > Long.MAX_VALUE / 1_000_000 ? RetryAfter.NEVER : waitMs * 1_000_000;
        assertEquals(expected, RetryAfter.waitNs(fields("Retry-After: " + date), false, NOW_MS));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "250, 250", "-1, -1", "later, -1", "99999999999, -1"})
    void callsSayItInTheirOwnWay(String pushback, long waitMs) {
        long expected = waitMs < 0 ? RetryAfter.NEVER : TimeUnit.MILLISECONDS.toNanos(waitMs);
        FieldSection fields = fields("grpc-retry-pushback-ms: " + pushback + "\r\nRetry-After: 7");
        assertEquals(expected, RetryAfter.waitNs(fields, true, NOW_MS));
        assertEquals(TimeUnit.SECONDS.toNanos(7), RetryAfter.waitNs(fields, false, NOW_MS));
    }

    private static FieldSection fields(String lines) {
        byte[] bytes = ("GET /a HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        RequestHead head = new RequestHead();
        assertEquals(
                Decode.COMPLETE, new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(ByteBuffer.wrap(bytes), head));
        return head.fields();
    }
}
