package dev.headgate.config.spec;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A number with what follows it.
 *
 * @param number not negative
 * @param unit letters after it, perhaps none
 * @param isTight whether nothing stands around or between the two
 */
record Quantity(BigDecimal number, String unit, boolean isTight) {
    private static final int DIGITS_MAX = 30;

    /** The quantity that {@code text} is, or null when it does not begin with a number or ends with something else. */
    static @Nullable Quantity parse(String text) {
        String stripped = text.strip();
        int index = 0;
        int points = 0;
        while (index < stripped.length() && isNumberPart(stripped.charAt(index))) {
            if (stripped.charAt(index++) == '.') points++;
        }
        String number = stripped.substring(0, index);
        if (points > 1
                || number.isEmpty()
                || number.length() > DIGITS_MAX
                || number.startsWith(".")
                || number.endsWith(".")) {
            return null;
        }
        String unit = stripped.substring(index).strip();
        if (!unit.chars().allMatch(Character::isLetter)) return null;
        boolean isTight = number.length() + unit.length() == text.length();
        return new Quantity(new BigDecimal(number), unit, isTight);
    }

    private static boolean isNumberPart(char c) {
        return (c >= '0' && c <= '9') || c == '.';
    }

    boolean isWhole() {
        return number.scale() == 0;
    }

    /** The number times {@code factor}, or -1 when that is no whole number that fits a {@code long}. */
    long times(long factor) {
        BigDecimal product = number.multiply(BigDecimal.valueOf(factor)).stripTrailingZeros();
        if (product.scale() > 0) return -1;
        BigInteger whole = product.toBigIntegerExact();
        return whole.bitLength() < Long.SIZE ? whole.longValueExact() : -1;
    }
}
