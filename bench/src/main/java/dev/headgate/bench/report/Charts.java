package dev.headgate.bench.report;

import dev.headgate.bench.load.IntervalSample;
import dev.headgate.bench.report.svg.BarChart;
import dev.headgate.bench.report.svg.LineChart;
import dev.headgate.bench.report.svg.LineChart.Axis;
import dev.headgate.bench.report.svg.LineChart.Point;
import dev.headgate.bench.report.svg.LineChart.Series;
import dev.headgate.bench.report.svg.LinearScale;
import dev.headgate.bench.report.svg.LogScale;
import dev.headgate.bench.report.svg.LogScale.LogUnit;
import dev.headgate.bench.report.svg.NumberText;
import dev.headgate.bench.report.svg.PercentileScale;
import dev.headgate.bench.report.svg.Picture;
import dev.headgate.bench.result.Curves;
import dev.headgate.bench.result.Metric;
import dev.headgate.bench.result.Results;
import dev.headgate.bench.result.Run;
import dev.headgate.bench.result.StepInfo;
import dev.headgate.bench.result.TargetInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Chooses and makes the pictures of a step. */
final class Charts {
    private static final List<Metric> BARS = List.of(
            Metric.REQUESTS_PER_SECOND,
            Metric.MIB_PER_SECOND,
            Metric.CPU_US_PER_REQUEST,
            Metric.CPU_US_PER_HANDSHAKE,
            Metric.CPU_US_PER_MIB,
            Metric.KIB_PER_CONNECTION);
    private static final List<Double> MARKED_FRACTIONS = List.of(0.5, 0.9, 0.99, 0.999);
    private static final int MARKS_OVER_TIME = 5;
    private static final int SECONDS_STEPS = 6;
    private static final double NS_PER_US = 1000;
    private static final double NS_PER_SECOND = 1e9;

    private final Results results;
    private final StepInfo step;
    private final Looks looks;

    Charts(Results results, StepInfo step) {
        this.results = results;
        this.step = step;
        this.looks = new Looks(results.setup().targets());
    }

    /** The pictures, most telling first; none that would be empty. */
    List<Picture> draw() {
        List<Picture> pictures = new ArrayList<>();
        if (isAtFixedRate()) {
            addCurves(pictures);
            addTimeline(pictures);
            if (step.metrics().contains(Metric.MEMORY_MIB)) addBars(pictures, Metric.MEMORY_MIB);
        } else {
            for (Metric metric : BARS) {
                if (step.metrics().contains(metric)) addBars(pictures, metric);
            }
        }
        return pictures;
    }

    private boolean isAtFixedRate() {
        return step.metrics().contains(Metric.P999_US);
    }

    private void addBars(List<Picture> pictures, Metric metric) {
        String title = metric.label().substring(0, 1).toUpperCase(Locale.ROOT)
                + metric.label().substring(1);
        BarChart chart = new BarChart(step.id() + "-" + metric.key(), title, step.brief(), metric.unit());
        for (TargetInfo target : results.targets(step)) {
            results.spread(step, target, metric)
                    .ifPresent(spread -> chart.add(new BarChart.Bar(target.name(), looks.of(target), spread)));
        }
        if (!chart.isEmpty()) pictures.add(chart.draw());
    }

    private void addCurves(List<Picture> pictures) {
        PercentileScale percentiles = PercentileScale.of(fewestAnswers());
        List<Series> lines = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (TargetInfo target : results.targets(step)) {
            List<Point> points = new ArrayList<>();
            for (Curves.Point point : Curves.join(results.runs(step, target), percentiles.nines())) {
                points.add(new Point(
                        point.fraction(),
                        point.us().median(),
                        point.us().min(),
                        point.us().max()));
            }
            if (points.isEmpty()) continue;
            lines.add(new Series(target.name(), looks.of(target), points, MARKED_FRACTIONS));
            words.add(target.name() + latenciesInWords(target));
        }
        if (lines.isEmpty()) return;
        pictures.add(new LineChart(
                        step.id() + "-percentiles",
                        "Latency by percentile",
                        step.brief(),
                        "Latency by percentile, " + step.brief()
                                + ", median of the rounds as lines and their range as bands. "
                                + String.join("; ", words) + ".",
                        new Axis("so many of the requests were no slower", percentiles),
                        new Axis("latency", latencyScale(lines)),
                        lines)
                .draw());
    }

    /** Of the target with the fewest: where its curve has no more points, a scale would promise what nobody measured. */
    private long fewestAnswers() {
        return results.targets(step).stream()
                .flatMap(target -> results.runs(step, target).stream())
                .filter(run -> !run.intervals().isEmpty())
                .mapToLong(Charts::answers)
                .min()
                .orElse(1);
    }

    private static long answers(Run run) {
        return run.intervals().stream().mapToLong(IntervalSample::count).sum();
    }

    private String latenciesInWords(TargetInfo target) {
        StringBuilder words = new StringBuilder();
        for (Metric metric : List.of(Metric.P50_US, Metric.P99_US, Metric.P999_US)) {
            results.shown(step, target, metric)
                    .ifPresent(us -> words.append(words.isEmpty() ? ": " : ", ")
                            .append(metric.label())
                            .append(' ')
                            .append(NumberText.micros(us)));
        }
        return words.toString();
    }

    private static LogScale latencyScale(List<Series> lines) {
        double min = lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(Point::low)
                .filter(us -> us > 0)
                .min()
                .orElse(1);
        double max = lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(Point::high)
                .max()
                .orElse(1);
        return LogScale.over(min, Math.max(min, max), LogUnit.MICROSECONDS);
    }

    private void addTimeline(List<Picture> pictures) {
        List<Series> lines = new ArrayList<>();
        double end = 0;
        double grain = 0;
        for (TargetInfo target : results.targets(step)) {
            List<Point> points = new ArrayList<>();
            for (IntervalSample interval : results.typicalIntervals(step, target)) {
                if (interval.count() == 0 || interval.p99Ns() == 0) continue;
                points.add(Point.of(interval.startNs() / NS_PER_SECOND, interval.p99Ns() / NS_PER_US));
            }
            if (points.isEmpty()) continue;
            end = Math.max(end, points.getLast().x());
            grain = Math.max(grain, grain(target));
            lines.add(new Series(target.name(), looks.of(target), points, marksAlong(points)));
        }
        if (lines.isEmpty()) return;
        pictures.add(new LineChart(
                        step.id() + "-over-time",
                        "Latency over time",
                        step.brief(),
                        "The 99th percentile of latency over time, " + step.brief()
                                + ", in the round of each target that is the middle one.",
                        new Axis("seconds", LinearScale.upTo(end, SECONDS_STEPS)),
                        new Axis("p99 of each " + NumberText.micros(grain), latencyScale(lines)),
                        lines)
                .draw());
    }

    /** Microseconds from one interval to the next. */
    private double grain(TargetInfo target) {
        List<IntervalSample> intervals = results.typicalIntervals(step, target);
        return intervals.size() < 2 ? 0 : intervals.get(1).startNs() / NS_PER_US;
    }

    private static List<Double> marksAlong(List<Point> points) {
        List<Double> marks = new ArrayList<>();
        for (int i = 0; i < MARKS_OVER_TIME; i++) {
            marks.add(points.get((int) ((i + 0.5) * points.size() / MARKS_OVER_TIME))
                    .x());
        }
        return marks;
    }
}
