package dev.headgate.bench.report;

import dev.headgate.bench.fault.FaultFigures;
import dev.headgate.bench.fault.FaultRun;
import dev.headgate.bench.fault.FaultScenario;
import dev.headgate.bench.fault.FaultTimes;
import dev.headgate.bench.load.LatencySummary;
import dev.headgate.bench.load.LoadError;
import dev.headgate.bench.machine.MachineFacts.Fact;
import dev.headgate.bench.report.svg.NumberText;
import dev.headgate.bench.result.Setup;
import dev.headgate.bench.result.TargetInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** What faults have come to: tables for terminals and documents, and every value for programs. */
public final class FaultReport {
    private static final String JSON = "faults.json";
    private static final String MARKDOWN = "faults.md";
    private static final String NONE = "–";
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_MS = 1e6;

    private static final List<String> COLUMNS = List.of(
            "proxy",
            "failed",
            "p99 before",
            "p99 during",
            "longest",
            "p99 after",
            "late",
            "out after",
            "asked then",
            "back after",
            "attempts");

    private final Setup setup;
    private final FaultTimes times;
    private final int ratePerSecond;
    private final List<FaultRun> runs;

    /**
     * A report of what there is so far.
     *
     * @param setup with what it was measured
     * @param times of each scenario
     * @param ratePerSecond of the requests
     * @param runs in the order of scenarios and targets
     */
    public FaultReport(Setup setup, FaultTimes times, int ratePerSecond, List<FaultRun> runs) {
        this.setup = setup;
        this.times = times;
        this.ratePerSecond = ratePerSecond;
        this.runs = List.copyOf(runs);
    }

    // ---- for terminals

    /** The figures of a scenario and a few of its failures. */
    public String table(FaultScenario scenario) {
        List<List<String>> lines = new ArrayList<>(List.of(COLUMNS));
        List<FaultRun> shown = of(scenario);
        shown.forEach(run -> lines.add(cells(run)));
        StringBuilder text = new StringBuilder("\n" + scenario.key() + ": " + scenario.words() + "\n\n");
        text.append(Table.aligned(lines));
        for (FaultRun run : shown) {
            if (run.figures().failed() == 0) continue;
            text.append("  failed, ").append(run.target().name()).append(": ").append(kinds(run.figures()));
            run.examples().stream()
                    .limit(2)
                    .forEach(example -> text.append("; ").append(example));
            text.append('\n');
        }
        return text.toString();
    }

    private List<FaultRun> of(FaultScenario scenario) {
        return runs.stream().filter(run -> run.scenario().equals(scenario)).toList();
    }

    private static List<String> cells(FaultRun run) {
        FaultFigures figures = run.figures();
        return List.of(
                run.target().name(),
                String.format(Locale.ROOT, "%,d", figures.failed()),
                micros(figures.before().p99Ns()),
                micros(figures.during().p99Ns()),
                micros(longest(figures)),
                micros(figures.after().p99Ns()),
                String.format(Locale.ROOT, "%,d", figures.late()),
                seconds(figures.outAfter()),
                figures.askedWhileOut().isPresent()
                        ? String.format(
                                Locale.ROOT, "%,d", figures.askedWhileOut().getAsLong())
                        : NONE,
                seconds(figures.backAfter()),
                ratio(figures.attempts()) + " / " + ratio(figures.attemptsInAll()));
    }

    private static long longest(FaultFigures figures) {
        return Math.max(figures.during().maxNs(), figures.after().maxNs());
    }

    private static String micros(long ns) {
        return NumberText.micros(ns / NS_PER_US);
    }

    private static String seconds(Optional<Duration> time) {
        return time.map(value -> String.format(Locale.ROOT, "%.2f s", value.toMillis() / 1e3))
                .orElse(NONE);
    }

    private static String ratio(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : NONE;
    }

    private static String kinds(FaultFigures figures) {
        return figures.failures().entrySet().stream()
                .map(failure -> failure.getKey().token() + " " + failure.getValue())
                .collect(Collectors.joining(", "));
    }

    // ---- files

    /**
     * Writes {@code faults.json} and {@code faults.md}.
     *
     * @throws ResultFolder.NotWritable when one of them cannot be written
     */
    public void write(ResultFolder folder) throws ResultFolder.NotWritable {
        folder.write(JSON, json());
        folder.write(MARKDOWN, markdown());
    }

    /** A table for documents, with what it was measured with. */
    String markdown() {
        StringBuilder text = new StringBuilder("Measured with `" + setup.command() + "`: "
                + String.format(Locale.ROOT, "%,d", ratePerSecond) + " requests per second to " + FaultScenario.ORIGINS
                + " origins, faults of " + inSeconds(times.hold()) + ". ");
        text.append(setup.targets().stream().map(TargetInfo::version).collect(Collectors.joining("; ")))
                .append(". ");
        text.append(setup.facts().stream()
                        .map(fact -> fact.name() + ": " + fact.value())
                        .collect(Collectors.joining("; ")))
                .append(".\n\n");
        text.append(row(with("fault", COLUMNS)));
        text.append(row(with("---", COLUMNS.stream().map(_ -> "---").toList())));
        String last = "";
        for (FaultRun run : runs) {
            String key = run.scenario().key();
            text.append(row(with(key.equals(last) ? "" : key, cells(run))));
            last = key;
        }
        return text.toString();
    }

    private static List<String> with(String first, List<String> others) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(others);
        return all;
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String inSeconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() / 1e3 + " s";
    }

    private String json() {
        JsonText json = new JsonText();
        json.beginObject();
        json.name("format").number(1);
        json.name("started_at").string(setup.startedAt().toString());
        json.name("command").string(setup.command());
        json.name("facts").beginObject();
        for (Fact fact : setup.facts()) json.name(fact.name()).string(fact.value());
        json.endObject();
        json.name("notes").beginArray();
        setup.notes().forEach(json::string);
        json.endArray();
        json.name("targets").beginArray();
        for (TargetInfo target : setup.targets()) {
            json.beginObject();
            json.name("name").string(target.name());
            json.name("version").string(target.version());
            json.endObject();
        }
        json.endArray();
        json.name("rate").number(ratePerSecond);
        json.name("hold_ms").number(times.hold().toMillis());
        json.name("runs").beginArray();
        for (FaultRun run : runs) write(json, run);
        json.endArray();
        json.endObject();
        return json.finish();
    }

    private static void write(JsonText json, FaultRun run) {
        FaultFigures figures = run.figures();
        json.beginObject();
        json.name("fault").string(run.scenario().key());
        json.name("target").string(run.target().name());
        json.name("requests").number(figures.requests());
        json.name("failed").number(figures.failed());
        json.name("failures").beginObject();
        for (Map.Entry<LoadError, Long> failure : figures.failures().entrySet()) {
            json.name(failure.getKey().token()).number(failure.getValue());
        }
        json.endObject();
        write(json, "before", figures.before());
        write(json, "during", figures.during());
        write(json, "after", figures.after());
        json.name("late").number(figures.late());
        figures.outAfter().ifPresent(time -> json.name("out_after_ms").number(time.toMillis()));
        figures.askedWhileOut().ifPresent(count -> json.name("asked_while_out").number(count));
        figures.backAfter().ifPresent(time -> json.name("back_after_ms").number(time.toMillis()));
        figures.attempts().ifPresent(value -> json.name("attempts").number(value));
        figures.attemptsInAll().ifPresent(value -> json.name("attempts_in_all").number(value));
        json.name("examples").beginArray();
        run.examples().forEach(json::string);
        json.endArray();
        json.endObject();
    }

    private static void write(JsonText json, String name, LatencySummary latency) {
        json.name(name).beginObject();
        json.name("requests").number(latency.count());
        json.name("p50_ms").number(latency.p50Ns() / NS_PER_MS);
        json.name("p99_ms").number(latency.p99Ns() / NS_PER_MS);
        json.name("max_ms").number(latency.maxNs() / NS_PER_MS);
        json.endObject();
    }
}
