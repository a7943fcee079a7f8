package dev.headgate.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class LogClockProperties {
    private static final long YEAR_10000_MS = 253_402_300_800_000L;
    private static final long DAY_MS = 86_400_000L;
    private static final DateTimeFormatter RFC_3339 = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter COMMON = DateTimeFormatter.ofPattern(
                    "dd/MMM/uuuu:HH:mm:ss '+0000'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final LogClock clock = new LogClock();

    @Property(tries = 5_000)
    void agreesWithTheJdk(@ForAll @LongRange(max = YEAR_10000_MS - 1) long timeMs) {
        assertAgrees(timeMs);
    }

    @Example
    void agreesWithTheJdkOnEveryDayOfTwoCenturies() {
        for (long day = 0; day < 73_500; day++) {
            assertAgrees(day * DAY_MS);
            assertAgrees(day * DAY_MS + DAY_MS - 1);
        }
    }

    @Example
    void keepsToFourDigitYears() {
        assertEquals("1970-01-01T00:00:00.999Z", rfc3339(-1));
        assertEquals("9999-12-31T23:59:59.000Z", rfc3339(YEAR_10000_MS));
    }

    private void assertAgrees(long timeMs) {
        Instant instant = Instant.ofEpochMilli(timeMs);
        assertEquals(RFC_3339.format(instant), rfc3339(timeMs));
        LogBlock block = new LogBlock(LogClock.LENGTH_MAX);
        clock.putCommon(block, timeMs);
        assertEquals(COMMON.format(instant), new String(block.toByteArray(), StandardCharsets.US_ASCII));
    }

    private String rfc3339(long timeMs) {
        LogBlock block = new LogBlock(LogClock.LENGTH_MAX);
        clock.putRfc3339(block, timeMs);
        return new String(block.toByteArray(), StandardCharsets.US_ASCII);
    }
}
