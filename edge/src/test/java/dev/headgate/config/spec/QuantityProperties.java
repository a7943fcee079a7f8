package dev.headgate.config.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.math.BigDecimal;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.arbitraries.StringArbitrary;

class QuantityProperties {
    private static final long GIB = 1L << 30;

    @Property
    void timesIsWhatDecimalNumbersSay(@ForAll("numbers") String number, @ForAll("factors") long factor) {
        assertEquals(oracle(number, factor), times(number, factor), number + " times " + factor);
    }

    @Provide
    Arbitrary<String> numbers() {
        StringArbitrary digits = Arbitraries.strings().withChars("0123456789").ofMinLength(1);
        Arbitrary<String> roundOnes =
                Arbitraries.of("0", "5", "25", "125", "0009765625", "00000095367431640625", "50000");
        return Arbitraries.oneOf(
                digits.ofMaxLength(30),
                Combinators.combine(digits.ofMaxLength(14), Arbitraries.oneOf(digits.ofMaxLength(14), roundOnes))
                        .as((whole, fraction) -> whole + "." + fraction)
                        .filter(number -> number.length() <= 30));
    }

    @Provide
    Arbitrary<Long> factors() {
        return Arbitraries.of(1L, 1000L, 60_000_000_000L, 86_400_000_000_000L, 1L << 10, GIB, 1L << 40);
    }

    @Example
    void takesWhatFitsToTheLast() {
        assertEquals(Long.MAX_VALUE - 1, times("9223372036854775806", 1));
        assertEquals(Long.MAX_VALUE, times("9223372036854775807", 1));
        assertEquals(-1, times("9223372036854775808", 1));
        assertEquals(-1, times("8589934592", GIB));
        assertEquals(GIB * 8589934591L, times("8589934591", GIB));
        assertEquals(1024, times("0.00000095367431640625", GIB));
        assertEquals(-1, times("0.3", GIB));
        assertEquals(7, times("000000000000000000000000000007", 1));
    }

    private static long times(String number, long factor) {
        Quantity quantity = Quantity.parse(number);
        assertNotNull(quantity, number);
        return Objects.requireNonNull(quantity).times(factor);
    }

    private static long oracle(String number, long factor) {
        BigDecimal product = new BigDecimal(number).multiply(BigDecimal.valueOf(factor));
        try {
            return product.longValueExact();
        } catch (ArithmeticException e) {
            return -1;
        }
    }
}
