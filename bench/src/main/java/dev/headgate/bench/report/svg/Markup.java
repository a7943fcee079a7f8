package dev.headgate.bench.report.svg;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Writes markup that XML and HTML readers understand alike: names are the program's, values and text may be anything and are
 * escaped.
 */
public final class Markup {
    private final StringBuilder text = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();
    private boolean inTag;

    /** Begins an element, within the one that was begun last. */
    public Markup open(String element) {
        endTag();
        text.append('<').append(element);
        open.push(element);
        inTag = true;
        return this;
    }

    /** Adds an attribute to the element that was begun last, which has no content yet. */
    public Markup attribute(String name, String value) {
        if (!inTag) throw new IllegalStateException("no tag is open for " + name);
        text.append(' ').append(name).append("=\"");
        escape(value);
        text.append('"');
        return this;
    }

    /** Adds an attribute with a number, of at most two decimals. */
    public Markup attribute(String name, double value) {
        return attribute(name, number(value));
    }

    /** Adds text to the element that was begun last. */
    public Markup text(String content) {
        endTag();
        escape(content);
        return this;
    }

    /** Adds what is markup already, well-formed by itself. */
    public Markup raw(String markup) {
        endTag();
        text.append(markup);
        return this;
    }

    /** Ends the element that was begun last. */
    public Markup close() {
        String element = open.pop();
        if (inTag && endsWithinItsTag(element)) {
            text.append("/>");
        } else {
            endTag();
            text.append("</").append(element).append('>');
        }
        inTag = false;
        text.append('\n');
        return this;
    }

    /** An element that holds text only. */
    public Markup element(String element, String content) {
        return open(element).text(content).close();
    }

    /** What was written; every element has been closed. */
    public String finish() {
        if (!open.isEmpty()) throw new IllegalStateException("still open: " + open);
        return text.toString();
    }

    /** A number as SVG wants it: a point, and no more digits than a picture can show. */
    public static String number(double value) {
        String digits = String.format(Locale.ROOT, "%.2f", value);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') end--;
        if (digits.charAt(end - 1) == '.') end--;
        String shortest = digits.substring(0, end);
        return shortest.equals("-0") ? "0" : shortest;
    }

    /** Only these are without content by their nature; in HTML, any other must not end within its own tag. */
    private static boolean endsWithinItsTag(String element) {
        return switch (element) {
            case "meta", "br", "col", "line", "rect", "path" -> true;
            default -> false;
        };
    }

    private void endTag() {
        if (inTag) text.append('>');
        inTag = false;
    }

    private void escape(String content) {
        for (int i = 0; i < content.length(); ) {
            int character = content.codePointAt(i);
            i += Character.charCount(character);
            switch (character) {
                case '<' -> text.append("&lt;");
                case '>' -> text.append("&gt;");
                case '&' -> text.append("&amp;");
                case '"' -> text.append("&quot;");
                case '\'' -> text.append("&#39;");
                default -> text.appendCodePoint(isAllowed(character) ? character : '\uFFFD');
            }
        }
    }

    /** Whether XML 1.0 has the character at all. */
    private static boolean isAllowed(int character) {
        return character >= ' '
                        && !(character >= 0xD800 && character <= 0xDFFF)
                        && character != 0xFFFE
                        && character != 0xFFFF
                || character == '\n'
                || character == '\t';
    }
}
