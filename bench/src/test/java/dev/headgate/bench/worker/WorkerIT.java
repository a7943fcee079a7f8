package dev.headgate.bench.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.load.LoadObserver;
import dev.headgate.bench.load.LoadPlan;
import dev.headgate.bench.load.LoadRequest;
import dev.headgate.bench.origin.FastOrigin;
import dev.headgate.bench.target.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The load generator in a process of its own. */
@Timeout(60)
class WorkerIT {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(10);

    private FastOrigin origin;
    private Worker worker;

    @BeforeEach
    void start() throws Exception {
        origin = FastOrigin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        worker = Worker.start(JavaCommand.of("dev.headgate.bench.worker.WorkerMain", List.of("-Xmx128m")));
    }

    @AfterEach
    void stop() {
        worker.close();
        origin.close();
    }

    private LoadPlan plan(Duration duration) {
        // By name, for that is how an address gets to the other process.
        int port = ((InetSocketAddress) origin.address()).getPort();
        return LoadPlan.open(new InetSocketAddress("127.0.0.1", port), LoadRequest.get("/1", 1), 2, 100)
                .withInterval(Duration.ofSeconds(1))
                .withTimes(Duration.ZERO, duration);
    }

    /** Acts when the load that counts begins. */
    private static LoadObserver when(LoadObserver.Phase wanted, Runnable act) {
        return new LoadObserver() {
            @Override
            public void onPhase(Phase phase) {
                if (phase == wanted) act.run();
            }
        };
    }

    @Test
    void carriesOutWhatItIsTold() throws Exception {
        Order order = new Order(plan(SHORT), List.of(plan(SHORT)));
        Outcome outcome = worker.carryOut(order, LoadObserver.NONE, new CompletableFuture<>())
                .orElseThrow();
        assertEquals(10, outcome.measured().totalRequests());
        assertEquals(10, outcome.beside().getFirst().totalRequests());
    }

    @Test
    void anOrderThatMakesNoSenseAnyMoreIsEndedWithAllBeside() throws Exception {
        CompletableFuture<Void> sense = new CompletableFuture<>();
        Order order = new Order(plan(LONG), List.of(plan(LONG), plan(LONG)));
        Optional<Outcome> outcome =
                worker.carryOut(order, when(LoadObserver.Phase.MEASURING, () -> sense.complete(null)), sense);
        assertEquals(Optional.empty(), outcome);
        long before = origin.stats().requests();
        carriesOutWhatItIsTold();
        // Of the abandoned order what was under way, but nothing of the 300 per second that it would go on with.
        long more = origin.stats().requests() - before - 20;
        assertTrue(more < 15, () -> more + " requests of an order that was abandoned");
    }

    @Test
    void anOrderThatMakesNoSenseFromTheStartIsEndedToo() throws Exception {
        Order order = new Order(plan(LONG), List.of());
        assertEquals(
                Optional.empty(), worker.carryOut(order, LoadObserver.NONE, CompletableFuture.completedFuture(null)));
        assertEquals(
                Optional.empty(),
                worker.carryOut(order, LoadObserver.NONE, CompletableFuture.failedFuture(new IOException("gone"))));
        carriesOutWhatItIsTold();
    }

    @Test
    void itsEndIsSaidWithItsExitCode() {
        Order order = new Order(plan(LONG), List.of());
        String message = assertThrows(
                        IOException.class,
                        () -> worker.carryOut(
                                order,
                                when(LoadObserver.Phase.MEASURING, WorkerIT::killChildren),
                                new CompletableFuture<>()))
                .getMessage();
        assertTrue(message.startsWith("the load generator has ended by itself, with exit code "), message);
    }

    private static void killChildren() {
        ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
    }
}
