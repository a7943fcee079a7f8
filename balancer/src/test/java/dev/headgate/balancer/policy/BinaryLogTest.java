package dev.headgate.balancer.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinaryLogTest {
    private static final double OFF_MAX = 3e-6;

    @ParameterizedTest
    @CsvSource({
        "0, -64", // of none, as of the least there is
        "1, -64",
        "2, -63",
        "0x4000000000000000, -2",
        "0x6000000000000000, -1.4150374992788437", // three eighths
        "0x7FFFFFFFFFFFFFFF, -1",
        "-0x8000000000000000, -1"
    })
    void knowsThePointsOfTheCurve(String bits, double expected) {
        assertEquals(expected, BinaryLog.ofFraction(Long.decode(bits)), 1e-15);
    }

    @Property
    void isNeverFarOff(@ForAll long bits) {
        double fraction = bits == 0 ? 0x1p-64 : (bits >>> 11) * 0x1p-53 + (bits & 0x7FF) * 0x1p-64;
        assertEquals(Math.log(fraction) / Math.log(2), BinaryLog.ofFraction(bits), OFF_MAX);
    }

    @Property
    void risesWithWhatItIsOf(@ForAll long one, @ForAll long other) {
        int order = Double.compare(BinaryLog.ofFraction(one), BinaryLog.ofFraction(other));
        assertEquals(0, order < 0 && Long.compareUnsigned(one, other) > 0 ? 1 : 0);
    }
}
