package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import java.nio.charset.StandardCharsets;

/** The current time as an IMF-fixdate (RFC 9110 §5.6.7), written anew once a second. Owned by one loop. */
@HotPath
final class DateText {
    private static final int YEAR = 12;
    private static final int MONTH = 8;
    private static final int DAY = 5;
    private static final int TIME = 17;
    private static final byte[] DAYS =
            "ThuFriSatSunMonTueWed".getBytes(StandardCharsets.US_ASCII); // day 0 was a Thursday
    private static final byte[] MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec".getBytes(StandardCharsets.US_ASCII);
    private static final long SECONDS_PER_DAY = 86_400;

    private final byte[] text = "Thu, 01 Jan 1970 00:00:00 GMT".getBytes(StandardCharsets.US_ASCII);
    private long second = -1;

    /** The text for this instant; lent until the next call. */
    byte[] at(long wallMs) {
        long now = Math.floorDiv(wallMs, 1000L);
        if (now != second) {
            second = now;
            write(now);
        }
        return text;
    }

    private void write(long now) {
        long day = Math.floorDiv(now, SECONDS_PER_DAY);
        int secondOfDay = (int) Math.floorMod(now, SECONDS_PER_DAY);
        System.arraycopy(DAYS, 3 * (int) Math.floorMod(day, 7L), text, 0, 3);
        writeDate(day);
        twoDigits(TIME, secondOfDay / 3600);
        twoDigits(TIME + 3, secondOfDay / 60 % 60);
        twoDigits(TIME + 6, secondOfDay % 60);
    }

    /** From days since 1970 to the proleptic Gregorian calendar, by counting in eras of 400 years that begin in March. */
    private void writeDate(long day) {
        long shifted = day + 719_468;
        long era = Math.floorDiv(shifted, 146_097L);
        int dayOfEra = (int) Math.floorMod(shifted, 146_097L);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int month = monthFromMarch < 10 ? monthFromMarch + 2 : monthFromMarch - 10; // from 0
        int year = (int) (yearOfEra + era * 400 + (month <= 1 ? 1 : 0));
        twoDigits(DAY, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1);
        System.arraycopy(MONTHS, 3 * month, text, MONTH, 3);
        twoDigits(YEAR, year / 100);
        twoDigits(YEAR + 2, year % 100);
    }

    private void twoDigits(int offset, int value) {
        text[offset] = (byte) ('0' + value / 10 % 10);
        text[offset + 1] = (byte) ('0' + value % 10);
    }
}
