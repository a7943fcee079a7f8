package dev.headgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class ProcessAgeTest {
    private static final String STATUS =
            "77 (a) (b) S 1 77 77 0 -1 4194560 100 200 300 400 5 6 7 8 20 0 12 0 %d 9 10\n";

    @Test
    void readsAgeFromTheFilesOfLinux() {
        assertEquals(184 / 10 * 10, ProcessAge.between(STATUS.formatted(1_222_116), "12221.34 24000.00\n"));
        assertEquals(0, ProcessAge.between(STATUS.formatted(1_222_134), "12221.34 24000.00\n"));
    }

    @Test
    void isNeverNegative() {
        assertEquals(0, ProcessAge.between(STATUS.formatted(1_222_135), "12221.34 24000.00\n"));
    }

    @Test
    void isAtLeastTheAgeOfTheVirtualMachine() {
        long ofVirtualMachineMs = ManagementFactory.getRuntimeMXBean().getUptime();
        long toleranceMs = 1100; // elsewhere the system knows its start to the second only
        assertTrue(ProcessAge.ms() >= ofVirtualMachineMs - toleranceMs);
    }
}
