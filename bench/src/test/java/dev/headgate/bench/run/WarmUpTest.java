package dev.headgate.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.bench.load.LoadPlan.ConnectionUse;
import dev.headgate.bench.scenario.LoadShape;
import dev.headgate.bench.scenario.Plan;
import dev.headgate.bench.scenario.Protection;
import dev.headgate.bench.scenario.Scenario;
import dev.headgate.bench.scenario.Sizes;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static final Sizes SIZES = new Sizes(64, List.of(5000), 100, 50, 50, 100, 100, 100, 2);

    private static List<LoadShape> of(Scenario... scenarios) {
        return WarmUp.of(Plan.of(List.of(scenarios), SIZES).steps(), 64);
    }

    @Test
    void isOfTheKindsOfLoadThatArePlanned() {
        LoadShape plain = LoadShape.usual(64);
        LoadShape secure = plain.with(Protection.TLS_1_3);
        assertEquals(List.of(plain), of(Scenario.THROUGHPUT, Scenario.CHURN));
        assertEquals(List.of(secure), of(Scenario.TLS_OPEN));
        assertEquals(List.of(plain, secure), of(Scenario.TLS_IDLE, Scenario.IDLE));
    }

    @Test
    void http2HasCodeOfItsOwn() {
        LoadShape plain = LoadShape.usualHttp2();
        LoadShape secure = plain.with(Protection.TLS_1_3);
        assertEquals(List.of(plain), of(Scenario.H2_PLAIN));
        assertEquals(List.of(secure), of(Scenario.H2_TLS, Scenario.H2_BODY));
        assertEquals(List.of(plain, secure), of(Scenario.H2_IDLE));
        assertEquals(
                List.of(LoadShape.OriginProtocol.HTTP_2),
                of(Scenario.H2_ORIGIN).stream().map(LoadShape::origin).toList());
        assertEquals(
                3, of(Scenario.THROUGHPUT, Scenario.TLS_OPEN, Scenario.H2_TLS).size());
    }

    @Test
    void handshakesBesideTheLoadAreWarmedUpToo() {
        assertEquals(1, wholeHandshakes(of(Scenario.TLS_BESIDE)));
        assertEquals(1, wholeHandshakes(of(Scenario.TLS_HANDSHAKES, Scenario.TLS_BESIDE)), "once");
        assertEquals(0, wholeHandshakes(of(Scenario.TLS_OPEN)));
    }

    private static long wholeHandshakes(List<LoadShape> shapes) {
        return shapes.stream()
                .filter(shape -> shape.use() == ConnectionUse.PER_REQUEST && shape.protection() == Protection.TLS_1_3)
                .count();
    }

    @Test
    void handshakesHaveCodeOfTheirOwn() {
        List<LoadShape> shapes = of(Scenario.TLS_HANDSHAKES, Scenario.TLS_RESUMED);
        assertEquals(
                List.of(Protection.TLS_1_3, Protection.TLS_1_3, Protection.TLS_1_3_RESUMED, Protection.TLS_1_2_RESUMED),
                shapes.stream().map(LoadShape::protection).toList());
        assertEquals(
                3,
                shapes.stream()
                        .filter(shape -> shape.use() == ConnectionUse.PER_REQUEST)
                        .count());
    }
}
