package dev.headgate.bench.report.svg;

/**
 * How all pictures look. Colours are those that people with any kind of colour vision tell apart (after Okabe and Ito),
 * lighter on dark ground; lines differ in dash and mark as well, so that nothing depends on colour alone.
 */
public final class ChartStyle {
    /** So many series have looks of their own; further ones begin anew. */
    public static final int LOOKS = 8;

    private static final String COLOURS = """
            --ink:#1c2024;--muted:#5b636b;--grid:#dfe3e6;--axis:#8a9299;--paper:#ffffff;
            --s0:#6b7280;--s1:#0072b2;--s2:#d55e00;--s3:#00815d;--s4:#b0518f;--s5:#3f93c4;--s6:#a87900;--s7:#4b3fa7;""";

    private static final String COLOURS_DARK = """
            --ink:#e8eaed;--muted:#a4acb5;--grid:#353b42;--axis:#747d87;--paper:#16191d;
            --s0:#a3abb5;--s1:#5cb8f0;--s2:#ff8f4d;--s3:#35c79b;--s4:#e59acb;--s5:#9ad4f5;--s6:#eec04a;--s7:#b0a6ff;""";

    private static final String SHAPES = """
            .chart text{font:13px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:var(--ink)}
            .chart .tick{font-size:11.5px;fill:var(--muted)}
            .chart .axis-title{font-size:11.5px;fill:var(--muted)}
            .chart .title{font-size:14.5px;font-weight:600}
            .chart .value{font-weight:600}
            .chart .range{font-size:11.5px;fill:var(--muted)}
            .chart .grid{stroke:var(--grid);stroke-width:1}
            .chart .axis{stroke:var(--axis);stroke-width:1}
            .chart .whisker{stroke:var(--ink);stroke-width:1.5;fill:none}
            .chart .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
            .chart .band{opacity:.16;stroke:none}
            .chart .mark{stroke:var(--paper);stroke-width:1}
            .chart .bar{opacity:.88}
            """;

    private static final String[] DASHES = {"1 4", "none", "7 4", "2 4", "9 3 2 3", "5 3", "12 4", "3 2 1 2"};

    private ChartStyle() {}

    /** Rules for a page that holds pictures: its own text can use the colours, too. */
    public static String forPage() {
        return ":root{color-scheme:light dark;" + oneLine(COLOURS) + "}\n@media (prefers-color-scheme:dark){:root{"
                + oneLine(COLOURS_DARK) + "}}\n@media print{:root{" + oneLine(COLOURS) + "}}\n" + rules();
    }

    /** Rules within a picture that stands alone. */
    static String forPicture() {
        return ".chart{" + oneLine(COLOURS) + "}\n@media (prefers-color-scheme:dark){.chart{" + oneLine(COLOURS_DARK)
                + "}}\n" + rules();
    }

    private static String rules() {
        StringBuilder rules = new StringBuilder(SHAPES);
        for (int look = 0; look < LOOKS; look++) {
            rules.append(".chart .stroke")
                    .append(look)
                    .append("{stroke:var(--s")
                    .append(look)
                    .append(");stroke-dasharray:")
                    .append(DASHES[look])
                    .append("}\n.chart .fill")
                    .append(look)
                    .append("{fill:var(--s")
                    .append(look)
                    .append(")}\n");
        }
        return rules.toString();
    }

    private static String oneLine(String text) {
        return text.replace("\n", "");
    }
}
