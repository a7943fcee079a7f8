package dev.headgate.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DateTextTest {
    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    @ParameterizedTest
    @ValueSource(longs = {0, 999, 1000, 951_782_399_999L, 951_782_400_000L, 1_609_459_199_999L, 1_798_765_200_123L})
    void writesAnImfFixdate(long wallMs) {
        String wanted = IMF_FIXDATE.format(Instant.ofEpochMilli(wallMs).atOffset(ZoneOffset.UTC));
        assertEquals(wanted, text(new DateText(), wallMs));
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400_000L, -1, 0, 1, 999, 1000, 86_400_000L})
    void followsTheClockWhereverItJumps(long stepMs) {
        DateText date = new DateText();
        long wallMs = 1_798_765_200_000L;
        text(date, wallMs);
        assertEquals(text(new DateText(), wallMs + stepMs), text(date, wallMs + stepMs));
    }

    private static String text(DateText date, long wallMs) {
        return new String(date.at(wallMs), StandardCharsets.US_ASCII);
    }
}
