package dev.headgate.bench.report.svg;

/**
 * A finished picture.
 *
 * @param name that of a file, without ending
 * @param title what it shows
 * @param description the same for those who do not see it, figures included
 * @param width in units of the drawing
 * @param height in units of the drawing
 * @param content elements below the root
 */
public record Picture(String name, String title, String description, double width, double height, String content) {
    /** For a page that has {@link ChartStyle#forPage}. */
    public String inPage() {
        return drawing("", "").finish();
    }

    /**
     * For a file of its own, wherever it is shown: it brings its style and its ground, and fetches nothing.
     *
     * @param origin with what it was made, for those who look into the file
     */
    public String alone(String origin) {
        return drawing(ChartStyle.forPicture(), origin).finish();
    }

    private Markup drawing(String style, String origin) {
        Markup svg = new Markup()
                .open("svg")
                .attribute("xmlns", "http://www.w3.org/2000/svg")
                .attribute("class", "chart")
                .attribute("viewBox", "0 0 " + Markup.number(width) + " " + Markup.number(height))
                .attribute("role", "img")
                .attribute("aria-labelledby", name + "-title " + name + "-text");
        if (!style.isEmpty()) svg.attribute("width", width).attribute("height", height);
        svg.open("title").attribute("id", name + "-title").text(title).close();
        svg.open("desc").attribute("id", name + "-text").text(description).close();
        if (!origin.isEmpty()) svg.element("metadata", origin);
        if (!style.isEmpty()) {
            svg.open("style").raw(style).close();
            svg.open("rect").attribute("width", width).attribute("height", height);
            svg.attribute("rx", 6).attribute("style", "fill:var(--paper)").close();
        }
        return svg.raw(content).close();
    }
}
