package dev.headgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimetableTest {
    private static final long START_NS = 1_000;
    private static final long END_NS = START_NS + 10_000_000;

    @Test
    void requestsAreDueAtTheStartAndThenEachPeriod() {
        Timetable timetable = new Timetable(START_NS, END_NS, 1_000_000, 1, 0);
        assertEquals(START_NS, timetable.dueNs(0));
        assertEquals(START_NS + 1_000, timetable.dueNs(1));
        assertEquals(START_NS + 9_999_000, timetable.dueNs(9_999));
    }

    @Test
    void theLoopsShareOneTimetable() {
        List<Long> dueTimes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            for (int loop = 0; loop < 3; loop++) {
                dueTimes.add(new Timetable(START_NS, END_NS, 1_000_000, 3, loop).dueNs(i));
            }
        }
        for (int i = 0; i < dueTimes.size(); i++) {
            assertEquals(START_NS + i * 1_000L, dueTimes.get(i));
        }
    }

    @Test
    void nothingIsTakenBeforeItIsDueNorAfterTheEnd() {
        Timetable timetable = new Timetable(START_NS, START_NS + 2_000, 1_000_000, 1, 0);
        assertFalse(timetable.isDue(START_NS - 1));
        assertTrue(timetable.isDue(START_NS));
        assertEquals(START_NS, timetable.take());
        assertFalse(timetable.isDue(START_NS + 999));
        assertTrue(timetable.isDue(START_NS + 1_000));
        assertEquals(START_NS + 1_000, timetable.take());
        assertFalse(timetable.isDue(Long.MAX_VALUE / 2));
        assertEquals(2, timetable.taken());
    }

    @Test
    void anOddRateDoesNotDrift() {
        Timetable timetable = new Timetable(0, Long.MAX_VALUE, 7_777.7, 1, 0);
        long hourOfRequests = Math.round(7_777.7 * 3_600);
        assertEquals(3_600e9, timetable.dueNs(hourOfRequests), 1e5);
    }
}
