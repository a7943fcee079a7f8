package dev.headgate.bench.report;

import dev.headgate.bench.load.IntervalSample;
import dev.headgate.bench.load.LatencySummary;
import dev.headgate.bench.machine.MachineFacts.Fact;
import dev.headgate.bench.result.Metric;
import dev.headgate.bench.result.Results;
import dev.headgate.bench.result.Run;
import dev.headgate.bench.result.StepInfo;
import dev.headgate.bench.result.TargetInfo;
import java.util.Map;

/** All single values as JSON; {@code docs/bench.md} has the fields. */
final class ResultsJson {
    private static final int FORMAT = 1;
    private static final double NS_PER_US = 1000;
    private static final double NS_PER_MS = 1e6;

    private ResultsJson() {}

    static String write(Results results) {
        JsonText json = new JsonText();
        json.beginObject();
        json.name("format").number(FORMAT);
        json.name("started_at").string(results.setup().startedAt().toString());
        json.name("command").string(results.setup().command());
        json.name("facts").beginObject();
        for (Fact fact : results.setup().facts()) json.name(fact.name()).string(fact.value());
        json.endObject();
        json.name("notes").beginArray();
        for (String note : results.setup().notes()) json.string(note);
        json.endArray();
        json.name("targets").beginArray();
        for (TargetInfo target : results.setup().targets()) {
            json.beginObject();
            json.name("name").string(target.name());
            json.name("version").string(target.version());
            json.endObject();
        }
        json.endArray();
        json.name("steps").beginArray();
        for (StepInfo step : results.steps()) {
            json.beginObject();
            json.name("id").string(step.id());
            json.name("scenario").string(step.scenario());
            json.name("title").string(step.title());
            json.endObject();
        }
        json.endArray();
        json.name("runs").beginArray();
        for (Run run : results.runs()) writeRun(json, run);
        json.endArray();
        json.endObject();
        return json.finish();
    }

    private static void writeRun(JsonText json, Run run) {
        json.beginObject();
        json.name("step").string(run.step());
        json.name("target").string(run.target());
        json.name("round").number(run.round());
        json.name("values").beginObject();
        for (Map.Entry<Metric, Double> value : run.values().entrySet()) {
            json.name(value.getKey().key()).number(value.getValue());
        }
        json.endObject();
        json.name("percentiles").beginArray();
        for (LatencySummary.Point point : run.curve()) {
            json.beginArray()
                    .number(point.percentile())
                    .number(point.latencyNs() / NS_PER_US)
                    .endArray();
        }
        json.endArray();
        json.name("intervals").beginArray();
        for (IntervalSample interval : run.intervals()) {
            json.beginArray().number(interval.startNs() / NS_PER_MS).number((double) interval.count());
            json.number(interval.p50Ns() / NS_PER_US).number(interval.p99Ns() / NS_PER_US);
            json.number(interval.maxNs() / NS_PER_US).endArray();
        }
        json.endArray();
        json.name("failures").beginArray();
        for (String remark : run.remarks()) json.string(remark);
        json.endArray();
        json.endObject();
    }
}
