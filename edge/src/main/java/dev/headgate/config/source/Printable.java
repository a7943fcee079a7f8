package dev.headgate.config.source;

/** Text that cannot move a terminal's cursor or break a line. */
final class Printable {
    private Printable() {}

    /** {@code text} with each control character replaced by one question mark, a tab by one space. */
    static String of(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        int c;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            printable.appendCodePoint(printableOf(c));
        }
        return printable.toString();
    }

    private static int printableOf(int c) {
        if (c == '\t') return ' ';
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> '?';
            default -> c;
        };
    }
}
