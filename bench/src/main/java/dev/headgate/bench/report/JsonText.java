package dev.headgate.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;

/** Writes JSON: a line per object, arrays of numbers on one line. */
final class JsonText {
    private static final MathContext DIGITS = new MathContext(7);

    private final StringBuilder text = new StringBuilder();
    private boolean wantsComma;

    JsonText beginObject() {
        return begin('{');
    }

    JsonText endObject() {
        return end('}');
    }

    JsonText beginArray() {
        return begin('[');
    }

    JsonText endArray() {
        return end(']');
    }

    JsonText name(String name) {
        separate();
        quote(name);
        text.append(": ");
        wantsComma = false;
        return this;
    }

    JsonText string(String value) {
        separate();
        quote(value);
        wantsComma = true;
        return this;
    }

    /** A number with as many digits as a measurement has. */
    JsonText number(double value) {
        separate();
        text.append(
                Double.isFinite(value)
                        ? new BigDecimal(value, DIGITS).stripTrailingZeros().toPlainString()
                        : "null");
        wantsComma = true;
        return this;
    }

    /** A count, to its last digit. */
    JsonText number(long value) {
        separate();
        text.append(value);
        wantsComma = true;
        return this;
    }

    private JsonText begin(char bracket) {
        separate();
        text.append(bracket);
        wantsComma = false;
        return this;
    }

    private JsonText end(char bracket) {
        text.append(bracket);
        if (bracket == '}') text.append('\n');
        wantsComma = true;
        return this;
    }

    private void separate() {
        if (wantsComma) text.append(", ");
        wantsComma = false;
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            switch (character) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                default -> {
                    if (character < ' ') {
                        text.append("\\u00").append(character < 0x10 ? "0" : "").append(Integer.toHexString(character));
                    } else {
                        text.append(character);
                    }
                }
            }
        }
        text.append('"');
    }

    String finish() {
        return text.toString();
    }
}
