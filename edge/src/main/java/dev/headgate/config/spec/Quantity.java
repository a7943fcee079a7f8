package dev.headgate.config.spec;

import org.jspecify.annotations.Nullable;

/**
 * A number with what follows it.
 *
 * @param number not negative: digits, perhaps a point and more digits
 * @param unit letters after it, perhaps none
 * @param isTight whether nothing stands around or between the two
 */
record Quantity(String number, String unit, boolean isTight) {
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
        if (!isWord(unit)) return null;
        boolean isTight = number.length() + unit.length() == text.length();
        return new Quantity(number, unit, isTight);
    }

    private static boolean isNumberPart(char c) {
        return (c >= '0' && c <= '9') || c == '.';
    }

    private static boolean isWord(String unit) {
        for (int i = 0; i < unit.length(); i++) {
            if (!Character.isLetter(unit.charAt(i))) return false;
        }
        return true;
    }

    boolean isWhole() {
        return number.indexOf('.') < 0;
    }

    /**
     * The number times {@code factor}, or -1 when that is no whole number that fits a {@code long}. The platform's decimal
     * numbers would say the same, and take more time to set up than a program has to start in.
     */
    long times(long factor) {
        int point = number.indexOf('.');
        try {
            long whole = 0;
            for (int i = 0; i < (point < 0 ? number.length() : point); i++) {
                whole = Math.addExact(Math.multiplyExact(whole, 10), digitAt(i));
            }
            // From the last digit to the point. A remainder at any place is one that no later place makes good.
            long fraction = 0;
            for (int i = number.length() - 1; point >= 0 && i > point; i--) {
                fraction = Math.addExact(fraction, Math.multiplyExact(digitAt(i), factor));
                if (fraction % 10 != 0) return -1;
                fraction /= 10;
            }
            return Math.addExact(Math.multiplyExact(whole, factor), fraction);
        } catch (ArithmeticException e) {
            return -1;
        }
    }

    private long digitAt(int index) {
        return Character.digit(number.charAt(index), 10);
    }
}
