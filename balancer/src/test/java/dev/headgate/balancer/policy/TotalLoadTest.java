package dev.headgate.balancer.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.balancer.Endpoint;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.UpstreamLoad;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.UpstreamView.Sticky;
import dev.headgate.balancer.Upstreams;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TotalLoadTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 6, 7})
    void isThatOfEndpointsWithWeight(int withoutWeight) {
        int[] weights = new int[7];
        for (int slot = withoutWeight; slot < weights.length; slot++) {
            weights[slot] = 256;
        }
        UpstreamView view = Upstreams.ofLoops(2, weights);
        TotalLoad total = new TotalLoad(view);

        long expected = 0;
        for (int slot = 0; slot < weights.length; slot++) {
            for (int i = 0; i <= slot; i++) {
                view.endpoint(slot).stats().onAttemptStarted(i % 2, 0);
            }
            expected += weights[slot] > 0 ? slot + 1 : 0;
        }
        view.endpoint(6).stats().onAttemptEnded(0, 1);
        assertEquals(expected - (weights[6] > 0 ? 1 : 0), total.inFlight());
    }

    /** Whoever embeds the balancer may count endpoints apart. */
    @Test
    void isAddedUpWhereEndpointsShareNoCount() {
        UpstreamView.Builder builder = UpstreamView.builder("app", 4);
        for (int slot = 0; slot < 3; slot++) {
            EndpointStats stats = new EndpointStats(1);
            stats.onAttemptStarted(0, 0);
            builder.put(slot, new Endpoint("e" + slot, 1, stats), 256, Sticky.MAY_STAY);
        }
        assertEquals(3, new TotalLoad(builder.build()).inFlight());
    }

    /** Those that have left end what they have; that is nobody's share. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 9})
    void isWithoutThoseThatHaveLeft(int left) {
        UpstreamLoad load = new UpstreamLoad(2);
        UpstreamView.Builder builder = UpstreamView.builder("app", 3);
        for (int slot = 0; slot < 3; slot++) {
            builder.put(slot, new Endpoint("e" + slot, 1, busy(load, slot + 1)), 256, Sticky.MAY_STAY);
        }
        for (int i = 0; i < left; i++) {
            builder.alsoCounted(busy(load, 10));
        }
        UpstreamView view = builder.build();
        assertEquals(1 + 2 + 3, new TotalLoad(view).inFlight());
        assertEquals(1 + 2 + 3, new TotalLoad(view.narrowedTo(Map.of())).inFlight());
    }

    @Test
    void isWithoutThoseThatHaveLeftInASubsetToo() {
        UpstreamLoad load = new UpstreamLoad(1);
        UpstreamView.Builder builder = UpstreamView.builder("app", 3);
        for (int slot = 0; slot < 3; slot++) {
            Map<String, String> labels = slot == 0 ? Map.of() : Map.of("version", "v2");
            builder.put(
                    slot, new Endpoint("e" + slot, 1, busy(load, slot + 1)).withLabels(labels), 256, Sticky.MAY_STAY);
        }
        builder.alsoCounted(busy(load, 10));
        UpstreamView narrowed = builder.build().narrowedTo(Map.of("version", "v2"));
        assertEquals(2 + 3, new TotalLoad(narrowed).inFlight());
    }

    private static EndpointStats busy(UpstreamLoad load, int attempts) {
        EndpointStats stats = new EndpointStats(load);
        for (int i = 0; i < attempts; i++) {
            stats.onAttemptStarted(0, 0);
        }
        return stats;
    }

    @Test
    void isNothingOfNobody() {
        assertEquals(0, new TotalLoad(UpstreamView.builder("app", 3).build()).inFlight());
    }
}
