package dev.headgate.bench.report.svg;

/** Lines, texts and marks of charts, in the looks of {@link ChartStyle}. */
final class Drawing {
    /** Mean width of a letter of the usual sans-serif typefaces, of 13 units height, on the safe side. */
    private static final double LETTER_WIDTH = 7.2;

    private static final double MARK = 4;

    private final Markup markup = new Markup();

    static double widthOf(String text) {
        return text.codePointCount(0, text.length()) * LETTER_WIDTH;
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        markup.open("line").attribute("class", style).attribute("x1", x1).attribute("y1", y1);
        markup.attribute("x2", x2).attribute("y2", y2).close();
    }

    void rectangle(String style, double x, double y, double width, double height) {
        markup.open("rect").attribute("class", style).attribute("x", x).attribute("y", y);
        markup.attribute("width", Math.max(width, 0.5))
                .attribute("height", height)
                .attribute("rx", 2)
                .close();
    }

    /** @param anchor start, middle or end: which part of the text lies at {@code x} */
    void text(String style, String anchor, double x, double y, String content) {
        markup.open("text").attribute("class", style).attribute("x", x).attribute("y", y);
        if (!anchor.equals("start")) markup.attribute("text-anchor", anchor);
        markup.text(content).close();
    }

    void turnedText(String style, double x, double y, String content) {
        markup.open("text").attribute("class", style).attribute("text-anchor", "middle");
        markup.attribute("transform", "translate(" + Markup.number(x) + " " + Markup.number(y) + ") rotate(-90)");
        markup.text(content).close();
    }

    void path(String style, CharSequence commands) {
        markup.open("path")
                .attribute("class", style)
                .attribute("d", commands.toString())
                .close();
    }

    /** A mark whose form belongs to the look, so that colour is not all that tells lines apart. */
    void mark(int look, double x, double y) {
        String form = switch (look % ChartStyle.LOOKS % 4) {
            case 0 -> polygon(x, y, -1, -1, 1, -1, 1, 1, -1, 1);
            case 1 -> circle(x, y);
            case 2 -> polygon(x, y, 0, -1.3, 1.2, 0.9, -1.2, 0.9);
            default -> polygon(x, y, 0, -1.4, 1.4, 0, 0, 1.4, -1.4, 0);
        };
        path("mark fill" + look % ChartStyle.LOOKS, form);
    }

    private static String circle(double x, double y) {
        String radius = Markup.number(MARK);
        return "M" + Markup.number(x - MARK) + " " + Markup.number(y) + "a" + radius + " " + radius + " 0 1 0 "
                + Markup.number(2 * MARK) + " 0a" + radius + " " + radius + " 0 1 0 " + Markup.number(-2 * MARK)
                + " 0z";
    }

    private static String polygon(double x, double y, double... corners) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < corners.length; i += 2) {
            path.append(i == 0 ? 'M' : 'L')
                    .append(Markup.number(x + corners[i] * MARK))
                    .append(' ')
                    .append(Markup.number(y + corners[i + 1] * MARK));
        }
        return path.append('z').toString();
    }

    String finish() {
        return markup.finish();
    }
}
