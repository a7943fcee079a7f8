package dev.headgate.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class IdleTrialTest {
    @Test
    void aConnectionCostsTheSlopeBetweenTwoNumbersOfThem() {
        assertEquals(OptionalDouble.of(2.048), IdleTrial.slopeKib(OptionalDouble.of(60), OptionalDouble.of(62), 1000));
        assertEquals(OptionalDouble.of(-1.024), IdleTrial.slopeKib(OptionalDouble.of(60), OptionalDouble.of(59), 1000));
    }

    @Test
    void withoutBothReadingsNothingIsKnownOfIt() {
        OptionalDouble known = OptionalDouble.of(60);
        assertEquals(OptionalDouble.empty(), IdleTrial.slopeKib(OptionalDouble.empty(), known, 1000));
        assertEquals(OptionalDouble.empty(), IdleTrial.slopeKib(known, OptionalDouble.empty(), 1000));
        assertEquals(OptionalDouble.empty(), IdleTrial.slopeKib(known, known, 0));
    }
}
