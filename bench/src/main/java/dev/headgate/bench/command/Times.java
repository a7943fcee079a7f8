package dev.headgate.bench.command;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Times as the configuration language writes them: {@code 250ms}, {@code 3s}, {@code 2m}. */
final class Times {
    private static final int DIGITS_MAX = 9;

    private Times() {}

    /** The time, or null when the text is none. */
    static @Nullable Duration parse(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') digits++;
        if (digits == 0 || digits > DIGITS_MAX) return null;
        long number = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> null;
        };
    }
}
