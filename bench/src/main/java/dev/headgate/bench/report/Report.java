package dev.headgate.bench.report;

import dev.headgate.bench.machine.MachineFacts.Fact;
import dev.headgate.bench.report.svg.Picture;
import dev.headgate.bench.result.Metric;
import dev.headgate.bench.result.Results;
import dev.headgate.bench.result.StepInfo;
import dev.headgate.bench.result.TargetInfo;
import java.util.List;

/** Results as tables, files and pictures. */
public final class Report {
    /** The page, for links to it. */
    public static final String PAGE = "report.html";

    private static final String JSON = "results.json";

    /** Files that every report has. */
    static final List<String> FILES = List.of(PAGE, JSON);

    private final Results results;

    public Report(Results results) {
        this.results = results;
    }

    /** The numbers of a step and a few of its failures, for a terminal. */
    public String table(StepInfo step) {
        StringBuilder text = new StringBuilder("\n" + step.title() + "\n\n");
        text.append(Table.of(results, step).inText());
        for (TargetInfo target : results.targets(step)) {
            for (String remark : results.remarks(step, target)) {
                text.append("  failed, ")
                        .append(target.name())
                        .append(": ")
                        .append(remark)
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** Whether nothing went wrong that should not have. */
    public boolean isWithoutErrors() {
        return results.runs().stream().allMatch(run -> run.values().getOrDefault(Metric.ERRORS, 0.0) == 0);
    }

    /**
     * Writes {@code report.html}, {@code results.json} and every picture as a file of its own.
     *
     * @throws ResultFolder.NotWritable when one of them cannot be written
     */
    public void write(ResultFolder folder) throws ResultFolder.NotWritable {
        folder.write(JSON, ResultsJson.write(results));
        folder.write(PAGE, new HtmlPage(results).write());
        for (StepInfo step : results.steps()) {
            for (Picture picture : new Charts(results, step).draw()) {
                folder.write(picture.name() + ".svg", picture.alone(origin()));
            }
        }
    }

    /** No figure without the command, the time and the machine that made it. */
    String origin() {
        StringBuilder text = new StringBuilder(results.setup().command());
        text.append("; ").append(results.setup().startedAt());
        for (Fact fact : results.setup().facts()) {
            text.append("; ").append(fact.name()).append(": ").append(fact.value());
        }
        for (TargetInfo target : results.setup().targets()) {
            text.append("; ").append(target.name()).append(": ").append(target.version());
        }
        return text.toString();
    }
}
