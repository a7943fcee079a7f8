package dev.headgate.bench.scenario;

import static dev.headgate.bench.result.Metric.CONNECTIONS;
import static dev.headgate.bench.result.Metric.CPU_US_PER_MIB;
import static dev.headgate.bench.result.Metric.CPU_US_PER_REQUEST;
import static dev.headgate.bench.result.Metric.ERRORS;
import static dev.headgate.bench.result.Metric.FAULTS_SEEN;
import static dev.headgate.bench.result.Metric.KIB_PER_CONNECTION;
import static dev.headgate.bench.result.Metric.MAX_US;
import static dev.headgate.bench.result.Metric.MEMORY_MIB;
import static dev.headgate.bench.result.Metric.MIB_PER_SECOND;
import static dev.headgate.bench.result.Metric.OTHERS_PERCENT;
import static dev.headgate.bench.result.Metric.P50_US;
import static dev.headgate.bench.result.Metric.P999_US;
import static dev.headgate.bench.result.Metric.P99_US;
import static dev.headgate.bench.result.Metric.REQUESTS_PER_SECOND;

import dev.headgate.bench.load.LoadPlan.ConnectionUse;
import dev.headgate.bench.load.LoadRequest;
import dev.headgate.bench.load.SlowClients;
import dev.headgate.bench.result.Metric;
import dev.headgate.bench.result.StepInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Makes the steps of scenarios.
 *
 * @param steps in the order of the scenarios
 * @param notes which scenarios were left out, and why
 */
public record Plan(List<Step> steps, List<String> notes) {
    private static final String PATH = "/1k";
    private static final int BYTES = 1024;
    private static final int CHURN_AT_A_TIME = 32;
    private static final int FEW_TO_MANY = 9;
    private static final int IDLE_WARM_UP_CONNECTIONS = 64;
    private static final Duration HOLD = Duration.ofMillis(1500);
    private static final Duration SLOW_PAUSE = Duration.ofMillis(100);
    private static final List<String> FAULTS = List.of("reset", "close", "truncate", "stall");
    private static final int FAULTS_PER_SECOND = 25;
    private static final int FAULT_CONNECTIONS = 50;
    private static final Duration FAULT_TIMEOUT = Duration.ofSeconds(1);

    public Plan {
        steps = List.copyOf(steps);
        notes = List.copyOf(notes);
    }

    /** The plan for these scenarios; one for which there are too few connections has no steps. */
    public static Plan of(List<Scenario> scenarios, Sizes sizes) {
        Maker maker = new Maker(sizes);
        List<Step> steps = new ArrayList<>();
        for (Scenario scenario : scenarios) steps.addAll(maker.steps(scenario));
        return new Plan(steps, maker.notes);
    }

    /** A step as reports know it; all of them count errors, and see how quiet the machine is. */
    static StepInfo info(
            Scenario scenario, String id, String title, String brief, String explanation, Metric... metrics) {
        List<Metric> all = new ArrayList<>(List.of(metrics));
        all.add(ERRORS);
        all.add(OTHERS_PERCENT);
        return new StepInfo(id, scenario.key(), title, brief, explanation, all);
    }

    /** Makes it. */
    private static final class Maker {
        private final Sizes sizes;
        private final TlsSteps tls;
        private final List<String> notes = new ArrayList<>();

        Maker(Sizes sizes) {
            this.sizes = sizes;
            this.tls = new TlsSteps(sizes);
        }

        private List<Step> steps(Scenario scenario) {
            return switch (scenario) {
                case THROUGHPUT -> List.of(throughput());
                case LATENCY -> sizes.rates().stream().map(this::latency).toList();
                case BODIES -> List.of(bodies("100k", 100 * 1024, 32), bodies("1m", 1024 * 1024, 8));
                case CHURN -> List.of(churn());
                case IDLE ->
                    twoNumbers(scenario, sizes.idleMax())
                            ? List.of(idle(scenario, sizes.idleMax(), Protection.NONE))
                            : List.of();
                case ACTIVE ->
                    twoNumbers(scenario, sizes.activeMax())
                            ? List.of(active("few", fewer(sizes.activeMax())), active("many", sizes.activeMax()))
                            : List.of();
                case SLOW -> List.of(slow());
                case FAULTS -> List.of(faults());
                case TLS_KEEPALIVE -> List.of(tls.keepAlive());
                case TLS_HANDSHAKES -> List.of(tls.handshakes());
                case TLS_RESUMED -> List.of(tls.resumed("1.3"), tls.resumed("1.2"));
                case TLS_BODIES -> List.of(tls.bodies("100k", 100 * 1024, 32), tls.bodies("1m", 1024 * 1024, 8));
                case TLS_OPEN -> sizes.rates().stream().map(tls::open).toList();
                case TLS_BESIDE -> List.of(tls.beside(0), tls.beside(TlsSteps.HANDSHAKES_PER_SECOND));
                case TLS_IDLE ->
                    twoNumbers(scenario, sizes.tlsIdleMax())
                            ? List.of(idle(scenario, sizes.tlsIdleMax(), Protection.TLS_1_3))
                            : List.of();
                case H2_TLS -> List.of(Http2Steps.secure());
                case H2_PLAIN -> List.of(Http2Steps.plain());
                case H2_BODY ->
                    List.of(Http2Steps.bodies("100k", 100 * 1024, 4, 8), Http2Steps.bodies("1m", 1024 * 1024, 2, 4));
                case H2_IDLE ->
                    twoNumbers(scenario, sizes.http2IdleMax())
                            ? List.of(http2Idle(Protection.NONE), http2Idle(Protection.TLS_1_3))
                            : List.of();
                case H2_ORIGIN -> List.of(Http2Steps.origin());
            };
        }

        /** Whether there are few and many: what grows with connections shows between two numbers of them only. */
        private boolean twoNumbers(Scenario scenario, int most) {
            if (fewer(most) < most) return true;
            notes.add(String.format(
                    Locale.ROOT,
                    "%s is left out: it compares two numbers of connections, and there can be %,d at most",
                    scenario.key(),
                    most));
            return false;
        }

        private static int fewer(int most) {
            return Math.max(1, most / FEW_TO_MANY);
        }

        private Step throughput() {
            StepInfo info = info(
                    Scenario.THROUGHPUT,
                    "throughput",
                    "1 KiB over " + sizes.connections() + " kept connections",
                    "1 KiB",
                    "Each connection asks again as soon as it has been answered, so that the target is never idle. Processor"
                            + " time per request is the steadiest of all figures, and what one pays for; requests per second"
                            + " follow from it, as long as the generator is not the slower one: the direct row is its ceiling.",
                    REQUESTS_PER_SECOND,
                    CPU_US_PER_REQUEST,
                    P50_US,
                    P99_US,
                    MEMORY_MIB);
            return new Step.Load(info, LoadShape.closed(PATH, BYTES, sizes.connections()), List.of());
        }

        private Step latency(int rate) {
            StepInfo info = info(
                    Scenario.LATENCY,
                    "latency-" + rate,
                    String.format(Locale.ROOT, "%,d requests per second", rate),
                    String.format(Locale.ROOT, "at %,d/s", rate),
                    "Requests are due at fixed times over " + sizes.connections()
                            + " kept connections, and their latency"
                            + " counts from when they were due, whatever kept them waiting: a stall counts for all requests"
                            + " that it delays. What a proxy adds is the distance from direct.",
                    P50_US,
                    P99_US,
                    P999_US,
                    MAX_US,
                    CPU_US_PER_REQUEST,
                    REQUESTS_PER_SECOND);
            return new Step.Load(info, LoadShape.open(PATH, BYTES, sizes.connections(), rate), List.of());
        }

        private Step bodies(String size, long bytes, int connections) {
            String length = bytes >> 10 < 1024 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
            StepInfo info = info(
                    Scenario.BODIES,
                    "bodies-" + size,
                    length + " over " + connections + " kept connections",
                    "bodies of " + length,
                    "Responses that are many times larger than a buffer, one after another on each connection.",
                    MIB_PER_SECOND,
                    CPU_US_PER_MIB);
            return new Step.Load(info, LoadShape.closed("/" + size, bytes, connections), List.of());
        }

        private Step churn() {
            StepInfo info = info(
                    Scenario.CHURN,
                    "churn",
                    "A new connection for each request, " + CHURN_AT_A_TIME + " at a time",
                    "new connections",
                    "Connect, one request for 1 KiB, close. Connections to the origin are kept all the same.",
                    REQUESTS_PER_SECOND,
                    CPU_US_PER_REQUEST,
                    P50_US,
                    P99_US);
            LoadShape shape = LoadShape.closed(PATH, BYTES, CHURN_AT_A_TIME).withUse(ConnectionUse.PER_REQUEST);
            return new Step.Load(info, shape, List.of());
        }

        private Step idle(Scenario scenario, int more, Protection protection) {
            int fewer = fewer(more);
            StepInfo info = info(
                    scenario,
                    scenario.key(),
                    String.format(
                            Locale.ROOT,
                            "%,d and %,d idle %s",
                            fewer,
                            more,
                            protection.isTls() ? "TLS connections" : "connections"),
                    String.format(Locale.ROOT, protection.isTls() ? "%,d idle, TLS" : "%,d idle", more),
                    "Each connection has had one request answered and then waits. What one of them costs is the slope of the"
                            + " process's memory (PSS) between the two numbers, with a program started anew for it. Socket"
                            + " buffers of the kernel are not in it. In the end every connection has to answer once more.",
                    KIB_PER_CONNECTION,
                    MEMORY_MIB,
                    CONNECTIONS);
            LoadShape each = LoadShape.closed(PATH, BYTES, 0).with(protection);
            LoadShape warmUp = LoadShape.usual(IDLE_WARM_UP_CONNECTIONS).with(protection);
            return new Step.Idle(info, fewer, more, HOLD, each, warmUp);
        }

        private Step http2Idle(Protection protection) {
            return Http2Steps.idle(fewer(sizes.http2IdleMax()), sizes.http2IdleMax(), HOLD, protection);
        }

        private Step active(String size, int connections) {
            StepInfo info = info(
                    Scenario.ACTIVE,
                    "active-" + size,
                    String.format(
                            Locale.ROOT,
                            "%,d active connections, %,d requests per second",
                            connections,
                            sizes.activeRate()),
                    String.format(Locale.ROOT, "%,d active connections", connections),
                    "The same rate goes over all connections in turn, so that each is used again and again, and none is warm.",
                    P50_US,
                    P99_US,
                    P999_US,
                    CPU_US_PER_REQUEST,
                    MEMORY_MIB,
                    REQUESTS_PER_SECOND);
            return new Step.Load(info, LoadShape.open(PATH, BYTES, connections, sizes.activeRate()), List.of());
        }

        private Step slow() {
            int count = sizes.slowClients();
            StepInfo info = info(
                    Scenario.SLOW,
                    "slow",
                    count + " slow readers and " + count + " slow senders beside "
                            + String.format(Locale.ROOT, "%,d requests per second", sizes.besideRate()),
                    "beside slow clients",
                    "Readers take 1 MiB at some 40 KiB per second each, senders send their heads byte by byte. Latency is that"
                            + " of the others, who should not notice; memory shows whether what readers do not take piles up.",
                    P50_US,
                    P99_US,
                    P999_US,
                    MEMORY_MIB,
                    REQUESTS_PER_SECOND);
            LoadShape normal = LoadShape.open(PATH, BYTES, sizes.connections(), sizes.besideRate())
                    .withSlow(new SlowClients(count, SlowClients.Kind.READING, "/1m", SLOW_PAUSE));
            LoadShape senders = LoadShape.open(PATH, BYTES, 1, 1)
                    .withSlow(new SlowClients(count, SlowClients.Kind.SENDING, PATH, SLOW_PAUSE));
            return new Step.Load(info, normal, List.of(senders));
        }

        private Step faults() {
            StepInfo info = info(
                    Scenario.FAULTS,
                    "faults",
                    FAULTS_PER_SECOND * FAULTS.size() + " faults per second beside "
                            + String.format(Locale.ROOT, "%,d requests per second", sizes.besideRate()),
                    "beside faults",
                    "The origin resets, closes without an answer, cuts content off, or never answers, "
                            + FAULTS_PER_SECOND
                            + " times per second each. Those requests cannot succeed; latency and errors"
                            + " are those of the others, which the same origin answers as ever.",
                    P50_US,
                    P99_US,
                    P999_US,
                    FAULTS_SEEN,
                    REQUESTS_PER_SECOND);
            List<LoadShape> faults = FAULTS.stream().map(Maker::fault).toList();
            return new Step.Load(info, LoadShape.open(PATH, BYTES, sizes.connections(), sizes.besideRate()), faults);
        }

        private static LoadShape fault(String kind) {
            return new LoadShape(
                    LoadRequest.get("/fault/" + kind, LoadRequest.ANY_LENGTH),
                    FAULT_CONNECTIONS,
                    FAULTS_PER_SECOND,
                    ConnectionUse.KEEP_ALIVE,
                    0,
                    SlowClients.NONE,
                    FAULT_TIMEOUT,
                    Protection.NONE,
                    0,
                    LoadShape.OriginProtocol.HTTP_1);
        }
    }
}
