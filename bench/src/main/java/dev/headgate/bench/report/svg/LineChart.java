package dev.headgate.bench.report.svg;

import java.util.List;

/** Lines over an axis, each with the band in which single rounds lie. */
public final class LineChart {
    private static final double WIDTH = 520;
    private static final double PLOT_HEIGHT = 230;
    private static final double LEFT = 74;
    private static final double RIGHT = 30;
    private static final double LEGEND_TOP = 44;
    private static final double LEGEND_ROW = 20;
    private static final double LEGEND_SAMPLE = 34;

    /** A point of a line with the range around it; {@code low} and {@code high} are {@code y} where there is none. */
    public record Point(double x, double y, double low, double high) {
        /** A point without range. */
        public static Point of(double x, double y) {
            return new Point(x, y, y, y);
        }
    }

    /**
     * A line.
     *
     * @param label whose it is
     * @param look which of the looks
     * @param points from left to right
     * @param marksAt where along the axis it carries its mark
     */
    public record Series(String label, int look, List<Point> points, List<Double> marksAt) {}

    /** An axis: what it shows, and where values belong. */
    public record Axis(String title, Scale scale) {}

    private final String name;
    private final String title;
    private final String load;
    private final String description;
    private final Axis across;
    private final Axis up;
    private final List<Series> lines;

    /**
     * A chart.
     *
     * @param name that of a file, without ending
     * @param title what it shows
     * @param load under which it was measured, for where no page says so
     * @param description the same for those who do not see it
     */
    public LineChart(
            String name, String title, String load, String description, Axis across, Axis up, List<Series> lines) {
        this.name = name;
        this.title = title;
        this.load = load;
        this.description = description;
        this.across = across;
        this.up = up;
        this.lines = List.copyOf(lines);
    }

    /** Draws it. */
    public Picture draw() {
        Drawing drawing = new Drawing();
        drawing.text("title", "start", 8, 22, title);
        drawing.text("range", "end", WIDTH - 10, 22, load);
        double top = drawLegend(drawing) + 10;
        double bottom = top + PLOT_HEIGHT;
        drawGrid(drawing, top, bottom);
        for (Series line : lines) drawBand(drawing, line, top, bottom);
        for (Series line : lines) drawLine(drawing, line, top, bottom);
        return new Picture(name, title + ", " + load, description, WIDTH, bottom + 48, drawing.finish());
    }

    /** Returns where it ends. */
    private double drawLegend(Drawing drawing) {
        double x = LEFT;
        double y = LEGEND_TOP;
        for (Series line : lines) {
            double width = LEGEND_SAMPLE + Drawing.widthOf(line.label()) + 18;
            if (x > LEFT && x + width > WIDTH) {
                x = LEFT;
                y += LEGEND_ROW;
            }
            drawing.line("line stroke" + line.look() % ChartStyle.LOOKS, x, y - 4, x + LEGEND_SAMPLE - 8, y - 4);
            drawing.mark(line.look(), x + (LEGEND_SAMPLE - 8) / 2, y - 4);
            drawing.text("", "start", x + LEGEND_SAMPLE, y, line.label());
            x += width;
        }
        return y;
    }

    private void drawGrid(Drawing drawing, double top, double bottom) {
        for (Scale.Tick tick : up.scale().ticks()) {
            double y = bottom - up.scale().placeOf(tick.value()) * (bottom - top);
            drawing.line("grid", LEFT, y, WIDTH - RIGHT, y);
            drawing.text("tick", "end", LEFT - 7, y + 4, tick.label());
        }
        for (Scale.Tick tick : across.scale().ticks()) {
            double x = placeAcross(tick.value());
            drawing.line("grid", x, top, x, bottom + 4);
            drawing.text("tick", "middle", x, bottom + 19, tick.label());
        }
        drawing.line("axis", LEFT, bottom, WIDTH - RIGHT, bottom);
        drawing.text("axis-title", "middle", (LEFT + WIDTH - RIGHT) / 2, bottom + 38, across.title());
        drawing.turnedText("axis-title", 15, (top + bottom) / 2, up.title());
    }

    private double placeAcross(double value) {
        return LEFT + across.scale().placeOf(value) * (WIDTH - RIGHT - LEFT);
    }

    private double placeUp(double value, double top, double bottom) {
        return bottom - up.scale().placeOf(value) * (bottom - top);
    }

    private void drawBand(Drawing drawing, Series line, double top, double bottom) {
        List<Point> points = line.points();
        if (points.stream().allMatch(point -> point.low() == point.high())) return;
        StringBuilder path = new StringBuilder();
        for (Point point : points) addPlace(path, placeAcross(point.x()), placeUp(point.high(), top, bottom));
        for (Point point : points.reversed()) addPlace(path, placeAcross(point.x()), placeUp(point.low(), top, bottom));
        drawing.path("band fill" + line.look() % ChartStyle.LOOKS, path.append('z'));
    }

    private void drawLine(Drawing drawing, Series line, double top, double bottom) {
        StringBuilder path = new StringBuilder();
        for (Point point : line.points()) addPlace(path, placeAcross(point.x()), placeUp(point.y(), top, bottom));
        drawing.path("line stroke" + line.look() % ChartStyle.LOOKS, path);
        for (double mark : line.marksAt()) {
            Point point = nearest(line.points(), mark);
            drawing.mark(line.look(), placeAcross(point.x()), placeUp(point.y(), top, bottom));
        }
    }

    private static void addPlace(StringBuilder path, double x, double y) {
        path.append(path.isEmpty() ? 'M' : 'L')
                .append(Markup.number(x))
                .append(' ')
                .append(Markup.number(y));
    }

    private static Point nearest(List<Point> points, double x) {
        Point nearest = points.getFirst();
        for (Point point : points) {
            if (Math.abs(point.x() - x) < Math.abs(nearest.x() - x)) nearest = point;
        }
        return nearest;
    }
}
