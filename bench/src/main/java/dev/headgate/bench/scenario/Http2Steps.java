package dev.headgate.bench.scenario;

import static dev.headgate.bench.result.Metric.CONNECTIONS;
import static dev.headgate.bench.result.Metric.CPU_US_PER_MIB;
import static dev.headgate.bench.result.Metric.CPU_US_PER_REQUEST;
import static dev.headgate.bench.result.Metric.KIB_PER_CONNECTION;
import static dev.headgate.bench.result.Metric.LOAD_PERCENT;
import static dev.headgate.bench.result.Metric.MEMORY_MIB;
import static dev.headgate.bench.result.Metric.MIB_PER_SECOND;
import static dev.headgate.bench.result.Metric.P50_US;
import static dev.headgate.bench.result.Metric.P99_US;
import static dev.headgate.bench.result.Metric.REQUESTS_PER_SECOND;

import dev.headgate.bench.result.StepInfo;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Makes the steps in which clients speak HTTP/2. */
final class Http2Steps {
    private static final String PATH = "/1k";
    private static final int BYTES = 1024;
    private static final int CONNECTIONS_OF_LOAD = 10;
    private static final int STREAMS_OF_LOAD = 10;
    private static final String LOAD = "1 KiB over " + CONNECTIONS_OF_LOAD + " connections with " + STREAMS_OF_LOAD
            + " requests at a time on each";

    private Http2Steps() {}

    /** The load of which targets are warmed up for these steps. */
    static LoadShape usual() {
        return LoadShape.closed(PATH, BYTES, CONNECTIONS_OF_LOAD).withHttp2(STREAMS_OF_LOAD);
    }

    static Step secure() {
        StepInfo info = Plan.info(
                Scenario.H2_TLS,
                "h2-tls",
                LOAD + ", HTTP/2 over TLS 1.3",
                "HTTP/2, TLS 1.3",
                "Each request is on a stream of its own, and as many go side by side as browsers and gateways have. The origin"
                        + " is spoken HTTP/1.1 with. Requests that arrive together are read together and answered together, if a"
                        + " target does so: that is most of what HTTP/2 can save.",
                REQUESTS_PER_SECOND,
                CPU_US_PER_REQUEST,
                P50_US,
                P99_US,
                MEMORY_MIB,
                LOAD_PERCENT);
        return new Step.Load(info, usual().with(Protection.TLS_1_3), List.of());
    }

    static Step plain() {
        StepInfo info = Plan.info(
                Scenario.H2_PLAIN,
                "h2-plain",
                LOAD + ", HTTP/2 with prior knowledge",
                "HTTP/2, plain",
                "The same without TLS: what HTTP/2 itself costs, as between a load balancer that ends TLS and what is behind"
                        + " it. The direct row is the generator's ceiling.",
                REQUESTS_PER_SECOND,
                CPU_US_PER_REQUEST,
                P50_US,
                P99_US,
                MEMORY_MIB,
                LOAD_PERCENT);
        return new Step.Load(info, usual(), List.of());
    }

    static Step bodies(String size, long bytes, int connections, int streams) {
        String length = bytes >> 10 < 1024 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
        StepInfo info = Plan.info(
                Scenario.H2_BODY,
                "h2-body-" + size,
                length + " over " + connections + " connections with " + streams
                        + " requests at a time on each, HTTP/2 over TLS 1.3",
                "HTTP/2, bodies of " + length,
                "Responses of many frames, which take turns on a connection. The windows are a browser's: 6 MiB for a stream, 15"
                        + " MiB for a connection.",
                MIB_PER_SECOND,
                CPU_US_PER_MIB,
                LOAD_PERCENT);
        LoadShape shape = LoadShape.closed("/" + size, bytes, connections)
                .withHttp2(streams)
                .with(Protection.TLS_1_3);
        return new Step.Load(info, shape, List.of());
    }

    static Step idle(int fewer, int more, Duration hold, Protection protection) {
        String suffix = protection.isTls() ? "tls" : "plain";
        String over = protection.isTls() ? " over TLS 1.3" : "";
        StepInfo info = Plan.info(
                Scenario.H2_IDLE,
                "h2-idle-" + suffix,
                String.format(Locale.ROOT, "%,d and %,d idle HTTP/2 connections%s", fewer, more, over),
                String.format(Locale.ROOT, "%,d idle, HTTP/2 %s", more, protection.isTls() ? "over TLS" : "plain"),
                "As idle connections of HTTP/1.1: one request has been answered on each, and the slope of the process's memory"
                        + " (PSS) between the two numbers is what one costs, with its tables for compressed fields. Plain, it is"
                        + " HTTP/2 beside TLS.",
                KIB_PER_CONNECTION,
                MEMORY_MIB,
                CONNECTIONS);
        LoadShape shape = LoadShape.closed(PATH, BYTES, 0).withHttp2(1).with(protection);
        return new Step.Idle(info, fewer, more, hold, shape, usual().with(protection));
    }

    static Step origin() {
        StepInfo info = Plan.info(
                Scenario.H2_ORIGIN,
                "h2-origin",
                LOAD + ", HTTP/2 over TLS 1.3, and HTTP/2 to the origin",
                "HTTP/2 to HTTP/2",
                "As HTTP/2 over TLS, but that the origin is spoken HTTP/2 with too, without TLS. A target may put the requests of"
                        + " several clients on one connection there.",
                REQUESTS_PER_SECOND,
                CPU_US_PER_REQUEST,
                P50_US,
                P99_US,
                MEMORY_MIB,
                LOAD_PERCENT);
        return new Step.Load(info, usual().with(Protection.TLS_1_3).toHttp2Origin(), List.of());
    }
}
