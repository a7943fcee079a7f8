package dev.headgate.exchange;

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

class DateTextProperties {
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final long YEAR_10000_MS = 253_402_300_800_000L;
    private static final long DAY_MS = 86_400_000L;

    private final DateText text = new DateText();

    @Property
    void isWhatTheCalendarOfThePlatformSays(@ForAll @LongRange(min = 0, max = YEAR_10000_MS - 1) long ms) {
        assertEquals(expected(ms), at(ms));
    }

    @Example
    void isRightOnEveryDayOfFourCenturies() {
        for (long day = 0; day < 146_097; day++) {
            long ms = day * DAY_MS + day * 997 % DAY_MS;
            assertEquals(expected(ms), at(ms));
        }
    }

    @Example
    void changesWithTheSecondAndNotWithin() {
        long ms = 1_700_000_000_000L;
        assertEquals(at(ms), at(ms + 999));
        assertEquals(expected(ms + 1000), at(ms + 1000));
        assertEquals(expected(ms - 1), at(ms - 1));
    }

    private String at(long ms) {
        return new String(text.at(ms), StandardCharsets.US_ASCII);
    }

    private static String expected(long ms) {
        return IMF_FIXDATE.format(Instant.ofEpochMilli(ms));
    }
}
