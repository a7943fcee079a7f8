package dev.headgate.config.source;

import java.util.List;

/** A named text that can show one of its places. */
public final class SourceText {
    private static final int EXCERPT_LENGTH_MAX = 100;
    private static final int CONTEXT_BEFORE = 60;

    private final String fileName;
    private final String text;
    private final List<String> lines;

    public SourceText(String fileName, String text) {
        this.fileName = fileName;
        this.text = text;
        this.lines = text.lines().toList();
    }

    public String fileName() {
        return fileName;
    }

    public String text() {
        return text;
    }

    /** Whether {@code part} ends at {@code mark}, or begins there. */
    boolean hasAround(Mark mark, String part) {
        String line = mark.line() <= lines.size() ? lines.get(mark.line() - 1) : "";
        int index = line.offsetByCodePoints(0, Math.min(mark.column() - 1, line.codePointCount(0, line.length())));
        return line.startsWith(part, index) || line.startsWith(part, index - part.length() + 1);
    }

    /** Two lines: the one at {@code mark}, cut to what fits a screen, and a caret below the place. */
    public String excerpt(Mark mark) {
        String line = mark.line() <= lines.size() ? lines.get(mark.line() - 1) : "";
        // Copies no more than is shown: a file may be one line of megabytes with a problem at every key.
        int index = 0;
        int caret = 0;
        while (caret < mark.column() - 1 && index < line.length()) {
            index += Character.charCount(line.codePointAt(index));
            caret++;
        }
        int start = caret < EXCERPT_LENGTH_MAX - 1 ? 0 : caret - CONTEXT_BEFORE;
        int from = line.offsetByCodePoints(index, start - caret);
        int to = from;
        for (int i = 0; i < EXCERPT_LENGTH_MAX && to < line.length(); i++) {
            to += Character.charCount(line.codePointAt(to));
        }
        String shown = Printable.of(line.substring(from, to));
        return shown + "\n" + " ".repeat(caret - start) + "^";
    }
}
