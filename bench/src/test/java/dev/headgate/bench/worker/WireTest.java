package dev.headgate.bench.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.bench.load.DueSlot;
import dev.headgate.bench.load.IntervalSample;
import dev.headgate.bench.load.LatencyCounts;
import dev.headgate.bench.load.LatencySummary;
import dev.headgate.bench.load.LoadError;
import dev.headgate.bench.load.LoadObserver;
import dev.headgate.bench.load.LoadPlan;
import dev.headgate.bench.load.LoadProgress;
import dev.headgate.bench.load.LoadRequest;
import dev.headgate.bench.load.LoadResult;
import dev.headgate.bench.load.LoadTls;
import dev.headgate.bench.load.SlowClients;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WireTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    private DataInputStream written() {
        return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    }

    @Test
    void ordersArriveAsTheyWereGiven() throws Exception {
        LoadRequest request = LoadRequest.post("/1k", 77, LoadRequest.BodyFraming.CHUNKED)
                .withHost("bench.test")
                .withFieldLines(List.of("a: b", "c: d"))
                .withExpectedStatus(201)
                .verified();
        LoadPlan plan = new LoadPlan(
                new InetSocketAddress("127.0.0.1", 4711),
                request,
                64,
                5000.5,
                LoadPlan.ConnectionUse.PER_REQUEST,
                LoadPlan.Spread.HOTTEST,
                19_000,
                new SlowClients(7, SlowClients.Kind.READING, "/1m", Duration.ofMillis(99)),
                2,
                Duration.ofMillis(1),
                Duration.ofMillis(200),
                Duration.ofMillis(3),
                Duration.ofSeconds(4),
                64,
                new LoadTls(LoadTls.Version.TLS_1_2, "bench.test", Path.of("/tmp/chain.pem"), true),
                0,
                LoadPlan.IdleUse.WEB_SOCKET,
                true);
        LoadPlan http2 = plan.withSlowClients(SlowClients.NONE)
                .withConnectionUse(LoadPlan.ConnectionUse.KEEP_ALIVE)
                .withIdleUse(LoadPlan.IdleUse.REQUEST)
                .withHttp2Streams(10);
        Order order = new Order(plan, List.of(plan.withConnections(1), http2, plan.withTls(null)));
        Wire.writeOrder(out, order);
        assertEquals(order, Wire.readOrder(written()));
    }

    @Test
    void outcomesArriveAsTheyWere() throws Exception {
        Map<LoadError, Long> errors = new EnumMap<>(LoadError.class);
        for (LoadError kind : LoadError.values()) errors.put(kind, 100L + kind.ordinal());
        LatencySummary latency = new LatencySummary(
                1,
                2.5,
                3,
                4,
                5,
                6,
                7,
                8,
                9,
                List.of(new LatencySummary.Point(99.9, 10), new LatencySummary.Point(100, 11)));
        LoadResult result = new LoadResult(
                1,
                2,
                3.5,
                4,
                errors,
                List.of("reset", "é"),
                latency,
                new LatencySummary(0, 0, 0, 0, 0, 0, 0, 0, 0, List.of()),
                List.of(new IntervalSample(1, 2, 3, 4, 5)),
                List.of(new DueSlot(6, errors, LatencyCounts.ofNs(1_000, 77_000_000, 5_000_000_000L))),
                12,
                13,
                new LoadResult.Idle(14, 15, 16),
                17,
                18,
                new LoadResult.Handshakes(19, 20),
                21);
        Outcome outcome = new Outcome(result, List.of(result));
        Wire.writeOutcome(out, outcome);
        DataInputStream in = written();
        assertEquals(Wire.Kind.OUTCOME, Wire.readKind(in));
        assertEquals(outcome, Wire.readOutcome(in));
        assertEquals(-1, in.read());
    }

    @Test
    void phasesProgressAndFailuresArrive() throws Exception {
        LoadProgress progress = new LoadProgress(LoadObserver.Phase.DRAINING, 1, 2, 3, 4, 5.5, 6);
        Wire.writePhase(out, LoadObserver.Phase.CHECKING_IDLE);
        Wire.writeProgress(out, progress);
        Wire.writeFailure(out, "no such thing");
        Wire.writeAbandoned(out);
        Wire.writeDemand(out, Wire.Demand.ABANDON, 1L << 40);
        DataInputStream in = written();
        assertEquals(Wire.Kind.PHASE, Wire.readKind(in));
        assertEquals(LoadObserver.Phase.CHECKING_IDLE, Wire.readPhase(in));
        assertEquals(Wire.Kind.PROGRESS, Wire.readKind(in));
        assertEquals(progress, Wire.readProgress(in));
        assertEquals(Wire.Kind.FAILURE, Wire.readKind(in));
        assertEquals("no such thing", in.readUTF());
        assertEquals(Wire.Kind.ABANDONED, Wire.readKind(in));
        assertEquals(Wire.Demand.ABANDON, Wire.readDemand(in));
        assertEquals(1L << 40, in.readLong());
        assertEquals(-1, in.read());
    }
}
