package dev.headgate.tls.encoding;

/**
 * What others wrote (subjects, aliases, protocols), as it may stand in a message: one line, and not a long one. A subject can
 * have any character, so that it could end the line of a log and begin another, or turn the direction of the rest.
 */
public final class MessageText {
    private static final int LENGTH_MAX = 200;

    private MessageText() {}

    /** {@code text} with control, format and other invisible characters as {@code \}{@code uXXXX}; cut after 200 characters. */
    public static String of(String text) {
        var shown = new StringBuilder();
        int next;
        for (int at = 0; at < text.length(); at = next) {
            int c = text.codePointAt(at);
            next = at + Character.charCount(c);
            String piece = isVisible(c) ? text.substring(at, next) : escaped(text, at, next);
            if (shown.length() + piece.length() > LENGTH_MAX) {
                return shown.append('…').toString();
            }
            shown.append(piece);
        }
        return shown.toString();
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    private static String escaped(String text, int from, int to) {
        var escapes = new StringBuilder();
        for (int at = from; at < to; at++) {
            escapes.append("\\u").append(Integer.toHexString(0x1_0000 | text.charAt(at)), 1, 5);
        }
        return escapes.toString();
    }
}
