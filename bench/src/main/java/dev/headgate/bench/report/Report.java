package dev.headgate.bench.report;

import dev.headgate.bench.report.svg.Picture;
import dev.headgate.bench.result.Metric;
import dev.headgate.bench.result.Results;
import dev.headgate.bench.result.StepInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Results as tables, files and pictures. */
public final class Report {
    private final Results results;

    public Report(Results results) {
        this.results = results;
    }

    /** The numbers of a step, for a terminal. */
    public String table(StepInfo step) {
        return "\n" + step.title() + "\n\n" + Table.of(results, step).inText();
    }

    /** Whether nothing went wrong that should not have. */
    public boolean isWithoutErrors() {
        return results.runs().stream().allMatch(run -> run.values().getOrDefault(Metric.ERRORS, 0.0) == 0);
    }

    /** Writes {@code report.html}, {@code results.json} and every picture as a file of its own. */
    public void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("results.json"), ResultsJson.write(results));
        Files.writeString(folder.resolve("report.html"), new HtmlPage(results).write());
        for (StepInfo step : results.steps()) {
            for (Picture picture : new Charts(results, step).draw()) {
                Files.writeString(folder.resolve(picture.name() + ".svg"), picture.alone());
            }
        }
    }
}
