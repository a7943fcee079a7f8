package dev.headgate.bench.load;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * A result as one line of JSON. Names are those of the components of {@link LoadResult} and the records in it; besides {@code requestsPerSecond},
 * {@code errorCount}, {@code ratePerSecond} of the plan, and {@code watchedCpuNs}, the processor time of other processes in the measured time, as far as
 * it could be read. Errors are named by {@link LoadError#token}; {@code curve} and {@code intervals} are arrays of arrays, in the order of their records' components.
 */
final class LoadJson {
    private LoadJson() {}

    static String of(LoadPlan plan, LoadResult result, Map<Long, Long> watchedCpuNs) {
        StringJoiner json = object();
        json.add("\"requests\":" + result.requests());
        json.add("\"totalRequests\":" + result.totalRequests());
        json.add("\"seconds\":" + number(result.seconds()));
        json.add("\"requestsPerSecond\":" + number(result.requestsPerSecond()));
        json.add("\"ratePerSecond\":" + number(plan.ratePerSecond()));
        json.add("\"bodyBytes\":" + result.bodyBytes());
        json.add("\"errorCount\":" + result.errorCount());
        json.add("\"errors\":" + errors(result));
        json.add("\"examples\":" + texts(result.examples()));
        json.add("\"latency\":" + latency(result.latency()));
        json.add("\"sendDelay\":" + latency(result.sendDelay()));
        json.add("\"intervals\":" + intervals(result.intervals()));
        json.add("\"connectionsOpened\":" + result.connectionsOpened());
        json.add("\"reconnects\":" + result.reconnects());
        json.add("\"idle\":{\"opened\":" + result.idle().opened() + ",\"lost\":"
                + result.idle().lost() + ",\"answered\":" + result.idle().answered() + '}');
        json.add("\"slowAnswers\":" + result.slowAnswers());
        json.add("\"slowFailures\":" + result.slowFailures());
        json.add("\"handshakes\":{\"all\":" + result.handshakes().all() + ",\"resumed\":"
                + result.handshakes().resumed() + '}');
        json.add("\"cpuNs\":" + result.cpuNs());
        json.add("\"watchedCpuNs\":" + watched(watchedCpuNs));
        return json.toString();
    }

    private static StringJoiner object() {
        return new StringJoiner(",", "{", "}");
    }

    private static StringJoiner array() {
        return new StringJoiner(",", "[", "]");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String errors(LoadResult result) {
        StringJoiner json = object();
        for (LoadError kind : LoadError.values()) {
            json.add('"' + kind.token() + "\":" + result.errors(kind));
        }
        return json.toString();
    }

    private static String texts(List<String> texts) {
        StringJoiner json = array();
        for (String text : texts) {
            json.add('"' + escaped(text) + '"');
        }
        return json.toString();
    }

    private static String escaped(String text) {
        StringBuilder json = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.toString();
    }

    private static String latency(LatencySummary latency) {
        StringJoiner curve = array();
        for (LatencySummary.Point point : latency.curve()) {
            curve.add(String.format(Locale.ROOT, "[%.6f,%d]", point.percentile(), point.latencyNs()));
        }
        return object().add("\"count\":" + latency.count())
                .add("\"meanNs\":" + number(latency.meanNs()))
                .add("\"minNs\":" + latency.minNs())
                .add("\"p50Ns\":" + latency.p50Ns())
                .add("\"p90Ns\":" + latency.p90Ns())
                .add("\"p99Ns\":" + latency.p99Ns())
                .add("\"p999Ns\":" + latency.p999Ns())
                .add("\"p9999Ns\":" + latency.p9999Ns())
                .add("\"maxNs\":" + latency.maxNs())
                .add("\"curve\":" + curve)
                .toString();
    }

    private static String intervals(List<IntervalSample> intervals) {
        StringJoiner json = array();
        for (IntervalSample sample : intervals) {
            json.add("[" + sample.startNs() + ',' + sample.count() + ',' + sample.p50Ns() + ',' + sample.p99Ns() + ','
                    + sample.maxNs() + ']');
        }
        return json.toString();
    }

    private static String watched(Map<Long, Long> cpuNs) {
        StringJoiner json = object();
        new TreeMap<>(cpuNs).forEach((process, ns) -> json.add("\"" + process + "\":" + ns));
        return json.toString();
    }
}
