package dev.headgate.observe;

/** Writes values of events: bare where that is unambiguous, otherwise quoted and escaped, always within the line. */
final class EventText {
    private static final int FRAMES_MAX = 6;

    private EventText() {}

    /** The text of a value; of an exception also where it comes from, innermost first. */
    static String textOf(Object value) {
        if (!(value instanceof Throwable failure)) {
            return value.toString();
        }
        StringBuilder text = new StringBuilder(failure.toString());
        StackTraceElement[] frames = failure.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, FRAMES_MAX); i++) {
            text.append(" at ").append(frames[i]);
        }
        Throwable cause = failure.getCause();
        return cause == null
                ? text.toString()
                : text.append(" caused by ").append(cause).toString();
    }

    static void appendValue(StringBuilder line, String value) {
        if (isBare(value)) {
            line.append(value);
            return;
        }
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            appendEscaped(line, value.charAt(i));
        }
        line.append('"');
    }

    private static boolean isBare(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '"' || c == '=' || c == '\\') {
                return false;
            }
        }
        return !value.isEmpty();
    }

    private static void appendEscaped(StringBuilder line, char c) {
        switch (c) {
            case '"', '\\' -> line.append('\\').append(c);
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (JsonText.isEscaped(c)) {
                    line.append("\\u");
                    for (int shift = 12; shift >= 0; shift -= 4) {
                        line.append(Character.forDigit(c >> shift & 0xF, 16));
                    }
                } else {
                    line.append(c);
                }
            }
        }
    }
}
