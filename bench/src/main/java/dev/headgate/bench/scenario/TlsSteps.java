package dev.headgate.bench.scenario;

import static dev.headgate.bench.result.Metric.CPU_US_PER_HANDSHAKE;
import static dev.headgate.bench.result.Metric.CPU_US_PER_MIB;
import static dev.headgate.bench.result.Metric.CPU_US_PER_REQUEST;
import static dev.headgate.bench.result.Metric.LOAD_PERCENT;
import static dev.headgate.bench.result.Metric.MAX_US;
import static dev.headgate.bench.result.Metric.MEMORY_MIB;
import static dev.headgate.bench.result.Metric.MIB_PER_SECOND;
import static dev.headgate.bench.result.Metric.P50_US;
import static dev.headgate.bench.result.Metric.P999_US;
import static dev.headgate.bench.result.Metric.P99_US;
import static dev.headgate.bench.result.Metric.REQUESTS_PER_SECOND;
import static dev.headgate.bench.result.Metric.RESUMED_PERCENT;

import dev.headgate.bench.load.LoadPlan.ConnectionUse;
import dev.headgate.bench.result.StepInfo;
import java.util.List;
import java.util.Locale;

/** Makes the steps in which clients speak TLS. */
final class TlsSteps {
    private static final String PATH = "/1k";
    private static final int BYTES = 1024;
    private static final int HANDSHAKES_AT_A_TIME = 16;

    private static final int HANDSHAKING_AT_A_TIME_MAX = 64;

    /** What each of the proxies has time for on one processor, beside the load. */
    static final int HANDSHAKES_PER_SECOND = 200;

    private final Sizes sizes;

    TlsSteps(Sizes sizes) {
        this.sizes = sizes;
    }

    Step keepAlive() {
        StepInfo info = Plan.info(
                Scenario.TLS_KEEPALIVE,
                "tls-keepalive",
                "1 KiB over " + sizes.connections() + " kept TLS connections",
                "1 KiB, TLS 1.3",
                "As without TLS, but that clients speak TLS 1.3: a record to read and one to write for each request.",
                REQUESTS_PER_SECOND,
                CPU_US_PER_REQUEST,
                P50_US,
                P99_US,
                MEMORY_MIB,
                LOAD_PERCENT);
        LoadShape shape = LoadShape.closed(PATH, BYTES, sizes.connections()).with(Protection.TLS_1_3);
        return new Step.Load(info, shape, List.of());
    }

    Step handshakes() {
        StepInfo info = Plan.info(
                Scenario.TLS_HANDSHAKES,
                "tls-handshakes",
                "A whole TLS 1.3 handshake for each request, " + HANDSHAKES_AT_A_TIME + " at a time",
                "TLS 1.3, whole",
                "Connect, a handshake with an ECDSA certificate (P-256) and without an earlier session, one request for 1 KiB,"
                        + " close. The generator's side of a handshake costs more than some targets' own: requests per second"
                        + " are then its limit, not the target's, and processor time is what tells.",
                CPU_US_PER_HANDSHAKE,
                REQUESTS_PER_SECOND,
                P50_US,
                P99_US,
                RESUMED_PERCENT,
                LOAD_PERCENT);
        return new Step.Load(info, perRequest(Protection.TLS_1_3), List.of());
    }

    /** @param version of TLS, as in its name */
    Step resumed(String version) {
        boolean isTls13 = version.equals("1.3");
        StepInfo info = Plan.info(
                Scenario.TLS_RESUMED,
                "tls-resumed-" + version.replace(".", ""),
                "A resumed TLS " + version + " handshake for each request, " + HANDSHAKES_AT_A_TIME + " at a time",
                "TLS " + version + ", resumed",
                "As with whole handshakes, but that each client shows the ticket of its last connection. "
                        + (isTls13
                                ? "Keys are agreed on anew all the same; the certificate's signature is what is saved."
                                : "Neither signature nor agreement on keys is needed then."),
                CPU_US_PER_HANDSHAKE,
                REQUESTS_PER_SECOND,
                P50_US,
                P99_US,
                RESUMED_PERCENT,
                LOAD_PERCENT);
        Protection protection = isTls13 ? Protection.TLS_1_3_RESUMED : Protection.TLS_1_2_RESUMED;
        return new Step.Load(info, perRequest(protection), List.of());
    }

    private static LoadShape perRequest(Protection protection) {
        return LoadShape.closed(PATH, BYTES, HANDSHAKES_AT_A_TIME)
                .withUse(ConnectionUse.PER_REQUEST)
                .with(protection);
    }

    Step bodies(String size, long bytes, int connections) {
        String length = bytes >> 10 < 1024 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
        StepInfo info = Plan.info(
                Scenario.TLS_BODIES,
                "tls-bodies-" + size,
                length + " over " + connections + " kept TLS connections",
                "TLS, bodies of " + length,
                "Responses of many records, one after another on each connection, over TLS 1.3 with AES-128-GCM.",
                MIB_PER_SECOND,
                CPU_US_PER_MIB,
                LOAD_PERCENT);
        LoadShape shape = LoadShape.closed("/" + size, bytes, connections).with(Protection.TLS_1_3);
        return new Step.Load(info, shape, List.of());
    }

    Step open(int rate) {
        StepInfo info = Plan.info(
                Scenario.TLS_OPEN,
                "tls-open-" + rate,
                String.format(Locale.ROOT, "%,d requests per second over TLS", rate),
                String.format(Locale.ROOT, "at %,d/s, TLS 1.3", rate),
                "Requests are due at fixed times over " + sizes.connections()
                        + " kept TLS connections. Direct is the origin without TLS: what is added to it is the proxy with its"
                        + " TLS, and the generator's TLS, which is the same for all.",
                P50_US,
                P99_US,
                P999_US,
                MAX_US,
                CPU_US_PER_REQUEST,
                REQUESTS_PER_SECOND,
                LOAD_PERCENT);
        LoadShape shape = LoadShape.open(PATH, BYTES, sizes.connections(), rate).with(Protection.TLS_1_3);
        return new Step.Load(info, shape, List.of());
    }

    /** @param handshakes per second; 0 for what the others are compared with */
    Step beside(int handshakes) {
        String rate = String.format(Locale.ROOT, "%,d", sizes.besideRate());
        StepInfo info = Plan.info(
                Scenario.TLS_BESIDE,
                "tls-beside-" + handshakes,
                rate + " requests per second over TLS beside " + (handshakes == 0 ? "no" : handshakes)
                        + " handshakes per second",
                "beside " + handshakes + " handshakes/s",
                handshakes == 0
                        ? "What the same load is like when nobody else connects."
                        : "Requests are due at fixed times over " + sizes.connections()
                                + " kept TLS connections, and beside them " + handshakes
                                + " new clients per second, each with a whole TLS 1.3 handshake and one request. Latency is"
                                + " that of the kept connections. The generator's half of the handshakes is computed where the"
                                + " load is made, so a part of what they add is its own, the same for all targets; direct is"
                                + " the origin without TLS.",
                P50_US,
                P99_US,
                P999_US,
                MAX_US,
                REQUESTS_PER_SECOND,
                LOAD_PERCENT);
        LoadShape kept = LoadShape.open(PATH, BYTES, sizes.connections(), sizes.besideRate())
                .with(Protection.TLS_1_3);
        LoadShape fresh = LoadShape.open(PATH, BYTES, HANDSHAKING_AT_A_TIME_MAX, handshakes)
                .withUse(ConnectionUse.PER_REQUEST)
                .with(Protection.TLS_1_3);
        return new Step.Load(info, kept, handshakes == 0 ? List.of() : List.of(fresh));
    }
}
