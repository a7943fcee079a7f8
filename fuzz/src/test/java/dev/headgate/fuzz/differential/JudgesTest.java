package dev.headgate.fuzz.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** What cannot be compared is told as the reason of a skipped test, or fails it where nothing may be skipped. */
class JudgesTest {
    @Test
    void whatIsMissingSkipsATestWithItsReason() {
        var skipped = assertThrows(TestAbortedException.class, () -> Judges.demand(false, false, "nginx 9.9"));
        assertEquals("Assumption failed: nginx 9.9", skipped.getMessage());
    }

    @Test
    void whatIsMissingFailsATestWhereItIsRequired() {
        var failed = assertThrows(AssertionError.class, () -> Judges.demand(false, true, "nginx 9.9"));
        assertEquals("nginx 9.9", failed.getMessage());
    }

    @Test
    void whatIsThereDoesNeither() {
        Judges.demand(true, true, "");
        Judges.demand(true, false, "");
    }
}
