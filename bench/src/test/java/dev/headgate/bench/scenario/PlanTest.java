package dev.headgate.bench.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.load.LoadPlan;
import dev.headgate.bench.load.LoadTls;
import dev.headgate.bench.result.Metric;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
    private static final Sizes SIZES = new Sizes(64, List.of(5000, 15_000), 19_000, 5000, 5000, 9000, 5000, 2000, 200);

    private static final Doors DOORS =
            new Doors(80, 81, new Doors.Secure(443, Path.of("chain.pem")), new Doors.Secure(444, Path.of("chain.pem")));

    private static List<Step> all() {
        return Plan.of(List.of(Scenario.values()), SIZES).steps();
    }

    @Test
    void everyScenarioHasItsSteps() {
        assertEquals(
                List.of(
                        "throughput",
                        "latency-5000",
                        "latency-15000",
                        "bodies-100k",
                        "bodies-1m",
                        "churn",
                        "idle",
                        "active-few",
                        "active-many",
                        "slow",
                        "faults",
                        "tls-keepalive",
                        "tls-handshakes",
                        "tls-resumed-13",
                        "tls-resumed-12",
                        "tls-bodies-100k",
                        "tls-bodies-1m",
                        "tls-open-5000",
                        "tls-open-15000",
                        "tls-beside-0",
                        "tls-beside-200",
                        "tls-idle",
                        "h2-tls",
                        "h2-plain",
                        "h2-body-100k",
                        "h2-body-1m",
                        "h2-idle-plain",
                        "h2-idle-tls",
                        "h2-origin"),
                all().stream().map(step -> step.info().id()).toList());
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 0, 2", "2, 1, 2, 0", "9, 1, 2, 0"})
    void comparesTwoNumbersOfConnectionsOrNone(int most, int idle, int active, int notes) {
        Sizes few = new Sizes(64, List.of(5000), most, most, most, most, 5000, 2000, 200);
        assertEquals(idle, Plan.of(List.of(Scenario.IDLE), few).steps().size());
        assertEquals(active, Plan.of(List.of(Scenario.ACTIVE), few).steps().size());
        Plan both = Plan.of(List.of(Scenario.IDLE, Scenario.ACTIVE), few);
        assertEquals(notes, both.notes().size(), both.notes().toString());
    }

    @Test
    void saysWhatIsLeftOut() {
        Sizes few = new Sizes(64, List.of(5000), 1, 5000, 5000, 9000, 5000, 2000, 200);
        assertEquals(
                List.of("idle is left out: it compares two numbers of connections, and there can be 1 at most"),
                Plan.of(List.of(Scenario.values()), few).notes());
    }

    @Test
    void everyStepCountsErrorsAndOthers() {
        Set<String> ids = new HashSet<>();
        for (Step step : all()) {
            assertTrue(ids.add(step.info().id()), step.info().id());
            assertTrue(step.info().metrics().containsAll(List.of(Metric.ERRORS, Metric.OTHERS_PERCENT)));
        }
    }

    @Test
    void everyLoadIsOneThatCanBeMade() {
        for (Step step : all()) {
            if (!(step instanceof Step.Load load)) continue;
            LoadPlan plan = load.shape().toPlan(DOORS, Duration.ofMillis(50), Duration.ofMillis(200));
            assertTrue(
                    plan.duration().equals(Duration.ofMillis(200)) && plan.connections() > 0,
                    step.info().id());
            for (LoadShape beside : load.beside()) {
                assertTrue(beside.toPlan(DOORS, Duration.ZERO, Duration.ofMinutes(10))
                                .ratePerSecond()
                        > 0);
            }
            assertTrue(
                    step.connectionsMax() >= load.shape().connections(),
                    step.info().id());
        }
    }

    @Test
    void tlsIsSpokenWhereATargetHasIt() {
        LoadShape shape = LoadShape.usual(64).with(Protection.TLS_1_2_RESUMED);
        LoadPlan secure = shape.toPlan(DOORS, Duration.ZERO, Duration.ofSeconds(1));
        assertEquals(new LoadTls(LoadTls.Version.TLS_1_2, "bench.test", Path.of("chain.pem"), true), secure.tls());
        assertEquals(443, ((InetSocketAddress) secure.target()).getPort());
        assertEquals("bench.test", secure.request().host());
        LoadPlan plain = shape.toPlan(Doors.plain(80), Duration.ZERO, Duration.ofSeconds(1));
        assertNull(plain.tls());
        assertEquals(80, ((InetSocketAddress) plain.target()).getPort());
    }

    @Test
    void http2GoesWhereATargetHasIt() {
        LoadShape shape = LoadShape.usualHttp2();
        Duration second = Duration.ofSeconds(1);
        LoadPlan plain = shape.toPlan(DOORS, Duration.ZERO, second);
        assertEquals(10, plain.http2Streams());
        assertEquals(81, ((InetSocketAddress) plain.target()).getPort());
        LoadPlan secure = shape.with(Protection.TLS_1_3).toPlan(DOORS, Duration.ZERO, second);
        assertEquals(443, ((InetSocketAddress) secure.target()).getPort());
        assertEquals("bench.test", secure.request().host());
        LoadPlan both = shape.with(Protection.TLS_1_3).toHttp2Origin().toPlan(DOORS, Duration.ZERO, second);
        assertEquals(444, ((InetSocketAddress) both.target()).getPort());
        assertEquals("h2.bench.test", both.request().host());
        LoadPlan direct = shape.with(Protection.TLS_1_3).toPlan(Doors.both(80), Duration.ZERO, second);
        assertNull(direct.tls());
        assertEquals(80, ((InetSocketAddress) direct.target()).getPort());
        assertEquals(10, direct.http2Streams());
    }

    @Test
    void everyStepSaysWhatATargetMustBeAbleToDo() {
        for (Step step : all()) {
            boolean isHttp2 = step.info().scenario().startsWith("h2-");
            assertEquals(
                    isHttp2, step.needs().contains(Ability.HTTP_2), step.info().id());
            assertEquals(
                    step.info().id().equals("h2-origin"),
                    step.needs().contains(Ability.HTTP_2_ORIGIN),
                    step.info().id());
        }
    }

    @Test
    void theOriginTakesPartWhereItHasSomethingToTell() {
        assertEquals(
                List.of("tls-open-5000", "tls-open-15000", "tls-beside-0", "tls-beside-200"),
                all().stream()
                        .filter(step -> step.protection().isTls() && step.hasDirect())
                        .map(step -> step.info().id())
                        .toList());
    }

    @Test
    void manyConnectionsComeFromSeveralAddresses() {
        LoadShape shape = LoadShape.usual(64);
        assertEquals(
                0,
                shape.withIdle(19_936)
                        .toPlan(DOORS, Duration.ZERO, Duration.ofSeconds(1))
                        .sourceAddresses());
        assertEquals(
                2,
                shape.withIdle(19_937)
                        .toPlan(DOORS, Duration.ZERO, Duration.ofSeconds(1))
                        .sourceAddresses());
        assertEquals(
                6,
                shape.withIdle(99_936)
                        .toPlan(DOORS, Duration.ZERO, Duration.ofSeconds(1))
                        .sourceAddresses());
    }
}
