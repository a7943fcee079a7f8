package dev.headgate.bench.report;

import dev.headgate.bench.report.svg.NumberText;
import dev.headgate.bench.result.Metric;
import dev.headgate.bench.result.Results;
import dev.headgate.bench.result.Spread;
import dev.headgate.bench.result.StepInfo;
import dev.headgate.bench.result.TargetInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The numbers of a step.
 *
 * @param header what stands above the columns
 * @param columns the same where there is little room
 * @param rows a line per target
 */
record Table(List<String> header, List<String> columns, List<Row> rows) {
    private static final String DIRECT = "direct";
    private static final String OURS = "headgate";
    private static final List<Metric> LATENCIES = List.of(Metric.P50_US, Metric.P99_US, Metric.P999_US);
    private static final List<Metric> COSTS = List.of(
            Metric.CPU_US_PER_REQUEST, Metric.CPU_US_PER_HANDSHAKE, Metric.CPU_US_PER_MIB, Metric.KIB_PER_CONNECTION);
    private static final int NOISE_PERCENT = 25;

    /** Processors are never busy to the last instant. */
    private static final int SATURATED_PERCENT = 95;

    /**
     * A line.
     *
     * @param target whose
     * @param cells behind the name
     */
    record Row(TargetInfo target, List<Cell> cells) {}

    /**
     * A number with what belongs to it.
     *
     * @param value the number; a dash where there is none
     * @param range smaller, behind it; may be empty
     * @param isBad whether it deserves a look before the others are believed
     */
    record Cell(String value, String range, boolean isBad) {
        static final Cell NONE = new Cell("–", "", false);
    }

    static Table of(Results results, StepInfo step) {
        return new Maker(results, step).make();
    }

    /** Makes one. */
    private record Maker(Results results, StepInfo step) {
        Table make() {
            List<Row> rows = new ArrayList<>();
            for (TargetInfo target : results.targets(step)) rows.add(new Row(target, cells(target)));
            return new Table(header(), columns(), rows);
        }

        private List<String> header() {
            List<String> header = new ArrayList<>();
            for (Metric metric : step.metrics()) {
                header.add(metric.unit().isEmpty() ? metric.label() : metric.label() + ", " + metric.unit());
                if (isRelated(metric)) header.add("relative to headgate");
                if (isAdded(metric)) header.add("added, µs");
            }
            return header;
        }

        private List<String> columns() {
            List<String> columns = new ArrayList<>();
            for (Metric metric : step.metrics()) {
                columns.add(metric.column());
                if (isRelated(metric)) columns.add("relative");
                if (isAdded(metric)) columns.add("added");
            }
            return columns;
        }

        private List<Cell> cells(TargetInfo target) {
            List<Cell> cells = new ArrayList<>();
            for (Metric metric : step.metrics()) {
                cells.add(cell(target, metric));
                if (isRelated(metric)) cells.add(relative(target, metric));
                if (isAdded(metric)) cells.add(added(target, metric));
            }
            return cells;
        }

        private Cell cell(TargetInfo target, Metric metric) {
            Optional<Spread> measured = results.spread(step, target, metric);
            if (measured.isEmpty()) return Cell.NONE;
            Spread spread = measured.get();
            return switch (metric) {
                case ERRORS -> new Cell(NumberText.of(spread.max()), "", spread.max() > 0);
                case OTHERS_PERCENT ->
                    new Cell(NumberText.of(spread.median()), range(spread), spread.median() > NOISE_PERCENT);
                case LOAD_PERCENT ->
                    new Cell(NumberText.of(spread.median()), range(spread), spread.median() > SATURATED_PERCENT);
                default -> new Cell(NumberText.of(spread.median()), range(spread), false);
            };
        }

        private static String range(Spread spread) {
            return spread.max() > spread.min() ? NumberText.of(spread.min()) + "–" + NumberText.of(spread.max()) : "";
        }

        private boolean isRelated(Metric metric) {
            return COSTS.contains(metric)
                    && results.target(OURS).isPresent()
                    && results.targets(step).size() > 1;
        }

        private Cell relative(TargetInfo target, Metric metric) {
            return difference(target, OURS, metric, true);
        }

        /** Latencies of a closed loop say how many wait in line, not what a proxy adds. */
        private boolean isAdded(Metric metric) {
            return LATENCIES.contains(metric)
                    && step.metrics().contains(Metric.P999_US)
                    && results.targets(step).stream()
                            .anyMatch(target -> target.name().equals(DIRECT));
        }

        private Cell added(TargetInfo target, Metric metric) {
            return target.name().equals(DIRECT) ? Cell.NONE : difference(target, DIRECT, metric, false);
        }

        private Cell difference(TargetInfo target, String base, Metric metric, boolean isRatio) {
            Optional<Double> baseValue = results.target(base).flatMap(other -> results.shown(step, other, metric));
            Optional<Double> value = results.shown(step, target, metric);
            if (baseValue.isEmpty() || value.isEmpty() || isRatio && baseValue.get() == 0) return Cell.NONE;
            double number = isRatio ? value.get() / baseValue.get() : value.get() - baseValue.get();
            return new Cell(NumberText.of(number), "", false);
        }
    }

    /** For terminals. */
    String inText() {
        List<List<String>> lines = new ArrayList<>();
        List<String> first = new ArrayList<>(List.of("target"));
        first.addAll(columns);
        lines.add(first);
        for (Row row : rows) {
            List<String> line = new ArrayList<>(List.of(row.target().name()));
            for (Cell cell : row.cells()) line.add(cell.value() + (cell.isBad() ? " !" : ""));
            lines.add(line);
        }
        return aligned(lines);
    }

    /** Columns as wide as they have to be, the first to the left and the others to the right. */
    static String aligned(List<List<String>> lines) {
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            for (int column = 0; column < line.size(); column++) {
                int width = widthOf(lines, column);
                String cell = line.get(column);
                String padding = " ".repeat(width - cell.length());
                text.append(column == 0 ? "  " + cell + padding : "  " + padding + cell);
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static int widthOf(List<List<String>> lines, int column) {
        return lines.stream()
                .filter(line -> column < line.size())
                .mapToInt(line -> line.get(column).length())
                .max()
                .orElse(0);
    }
}
