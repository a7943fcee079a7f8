package dev.headgate.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Http1Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBodyTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long GRACE = 5 * SECOND;
    private static final long RATE = 240;

    private final RequestBody body = new RequestBody();

    /** The clock may be anywhere, also just before it wraps around. */
    @ParameterizedTest
    @ValueSource(longs = {0, 17, Long.MAX_VALUE - SECOND, -3 * SECOND})
    void silenceIsMeasuredFromTheLastByte(long startNs) {
        start(BodyKind.CHUNKED, -1, startNs);
        body.resume(startNs);
        assertEquals(startNs + SECOND, body.idleDeadlineNs(SECOND));
        body.received(1, startNs + 500);
        assertEquals(startNs + 500 + SECOND, body.idleDeadlineNs(SECOND));
    }

    @Test
    void silenceStartsAnewAfterPause() {
        start(BodyKind.CHUNKED, -1, 0);
        body.resume(10);
        body.pause(20);
        body.resume(1000);
        assertEquals(1000 + SECOND, body.idleDeadlineNs(SECOND));
    }

    @Test
    void startsPaused() {
        start(BodyKind.CHUNKED, -1, 0);
        assertTrue(body.isPaused());
        body.resume(0);
        assertFalse(body.isPaused());
    }

    @ParameterizedTest
    @CsvSource({
        // seconds, bytes, too slow
        "5, 0, false", // within grace
        "6, 1439, true",
        "6, 1440, false",
        "6, 1441, false",
        "10, 2399, true",
        "10, 2400, false",
    })
    void paceIsWholeSecondsTimesRate(long seconds, int bytes, boolean slow) {
        start(BodyKind.CHUNKED, -1, 0);
        body.resume(0);
        body.received(bytes, 1);
        assertEquals(slow, body.isSlowerThan(RATE, GRACE, seconds * SECOND));
    }

    @Test
    void graceEndsPastItsLastNanosecond() {
        start(BodyKind.CHUNKED, -1, 0);
        body.resume(0);
        assertFalse(body.isSlowerThan(RATE, GRACE, GRACE));
        assertTrue(body.isSlowerThan(RATE, GRACE, GRACE + 1));
    }

    @Test
    void timeInWhichNothingWasWantedDoesNotCount() {
        start(BodyKind.CHUNKED, -1, 0);
        body.resume(100 * SECOND); // paused from the start
        assertFalse(body.isSlowerThan(RATE, GRACE, 105 * SECOND));
        body.pause(103 * SECOND);
        body.pause(150 * SECOND); // is paused already
        body.resume(200 * SECOND);
        assertFalse(body.isSlowerThan(RATE, GRACE, 202 * SECOND));
        assertTrue(body.isSlowerThan(RATE, GRACE, 203 * SECOND));
    }

    @Test
    void rateZeroAsksForNothing() {
        start(BodyKind.CHUNKED, -1, 0);
        body.resume(0);
        assertFalse(body.isSlowerThan(0, GRACE, 1000 * SECOND));
    }

    @ParameterizedTest
    @CsvSource({"99, false", "100, false", "101, true"})
    void restOfKnownLengthIsComparedWithLimit(long rest, boolean exceeds) {
        start(BodyKind.LENGTH, 1000 + rest, 0);
        body.received(1000, 1);
        assertEquals(exceeds, body.restExceeds(100));
    }

    @Test
    void restOfUnknownLengthIsNotKnownToExceed() {
        start(BodyKind.CHUNKED, -1, 0);
        assertFalse(body.restExceeds(0));
    }

    @Test
    void startForgetsTheBodyBefore() {
        start(BodyKind.LENGTH, 10, 0);
        body.resume(0);
        body.received(10, 5);
        body.drained(7);
        start(BodyKind.LENGTH, 10, 100);
        assertTrue(body.isPaused());
        assertTrue(body.restExceeds(9));
        assertEquals(1, body.drained(1));
        assertEquals(100 + SECOND, body.idleDeadlineNs(SECOND));
    }

    private void start(BodyKind kind, long length, long nowNs) {
        body.start(kind, length, Http1Limits.DEFAULTS, nowNs);
    }
}
