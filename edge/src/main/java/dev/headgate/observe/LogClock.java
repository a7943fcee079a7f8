package dev.headgate.observe;

import dev.headgate.engine.HotPath;
import java.nio.charset.StandardCharsets;

/**
 * Writes points in time in UTC, as RFC 3339 §5.6 ({@code 2026-01-02T03:04:05.678Z}) and as the Common Log Format has it
 * ({@code 02/Jan/2026:03:04:05 +0000}). The text of the last second is kept. Owned by one thread.
 */
@HotPath
final class LogClock {
    static final int LENGTH_MAX = 26;

    private static final long SECOND_MS = 1000;
    private static final int DAY_SECONDS = 86_400;
    private static final long YEAR_10000_SECOND =
            253_402_300_800L; // times are clamped to the four-digit years from 1970
    private static final byte[] MONTHS = {
        'J', 'a', 'n', 'F', 'e', 'b', 'M', 'a', 'r', 'A', 'p', 'r', 'M', 'a', 'y', 'J', 'u', 'n', //
        'J', 'u', 'l', 'A', 'u', 'g', 'S', 'e', 'p', 'O', 'c', 't', 'N', 'o', 'v', 'D', 'e', 'c'
    };

    private static final int MILLIS_OFFSET = 20;

    private final byte[] rfc3339 = "0000-00-00T00:00:00.000Z".getBytes(StandardCharsets.US_ASCII);
    private final byte[] common = "00/Jan/0000:00:00:00 +0000".getBytes(StandardCharsets.US_ASCII);
    private long second = -1;

    void putRfc3339(LogBlock block, long timeMs) {
        update(timeMs);
        digits(rfc3339, MILLIS_OFFSET, 3, (int) Math.floorMod(timeMs, SECOND_MS));
        block.put(rfc3339);
    }

    void putCommon(LogBlock block, long timeMs) {
        update(timeMs);
        block.put(common);
    }

    private void update(long timeMs) {
        long now = Math.clamp(Math.floorDiv(timeMs, SECOND_MS), 0, YEAR_10000_SECOND - 1);
        if (now == second) {
            return;
        }
        second = now;
        date((int) (now / DAY_SECONDS));
        int secondOfDay = (int) (now % DAY_SECONDS);
        time(rfc3339, 11, secondOfDay);
        time(common, 12, secondOfDay);
    }

    // Years are counted from March, so that the leap day is the last of its year, and in eras of 400 years, which all
    // have
    // the same number of days.
    private void date(int epochDay) {
        int day = epochDay + 719_468; // since 0000-03-01
        int era = day / 146_097;
        int dayOfEra = day % 146_097;
        int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        int year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
        digits(rfc3339, 0, 4, year);
        digits(rfc3339, 5, 2, month);
        digits(rfc3339, 8, 2, dayOfMonth);
        digits(common, 0, 2, dayOfMonth);
        System.arraycopy(MONTHS, (month - 1) * 3, common, 3, 3);
        digits(common, 7, 4, year);
    }

    private static void time(byte[] text, int offset, int secondOfDay) {
        digits(text, offset, 2, secondOfDay / 3600);
        digits(text, offset + 3, 2, secondOfDay / 60 % 60);
        digits(text, offset + 6, 2, secondOfDay % 60);
    }

    private static void digits(byte[] text, int offset, int count, int number) {
        int left = number;
        for (int i = offset + count - 1; i >= offset; i--) {
            text[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
    }
}
