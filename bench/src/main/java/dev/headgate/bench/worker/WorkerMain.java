package dev.headgate.bench.worker;

import dev.headgate.bench.load.LoadGenerator;
import dev.headgate.bench.load.LoadObserver;
import dev.headgate.bench.load.LoadPlan;
import dev.headgate.bench.load.LoadProgress;
import dev.headgate.bench.load.LoadResult;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Takes orders from standard input until it ends, and answers on standard output. One order is carried out at a time, on a
 * thread of its own: the first thread does nothing but read, so that the end of input ends the process whatever it is at.
 */
public final class WorkerMain {
    private final LoadGenerator generator = LoadGenerator.ofProcess();
    private final DataInputStream demands;
    private final DataOutputStream answers; // the order's thread writes

    // Of the reading thread.
    private long number;
    private @Nullable Thread carrier;

    private WorkerMain(DataInputStream demands, DataOutputStream answers) {
        this.demands = demands;
        this.answers = answers;
    }

    /** Runs until standard input ends, which it also does when whoever gives orders is gone. */
    public static void main(String[] arguments) throws Exception {
        var worker = new WorkerMain(
                new DataInputStream(new BufferedInputStream(System.in)),
                new DataOutputStream(new BufferedOutputStream(System.out)));
        try {
            while (true) worker.takeDemand();
        } catch (EOFException e) {
            System.exit(0);
        }
    }

    private void takeDemand() throws IOException {
        Wire.Demand demand = Wire.readDemand(demands);
        long of = demands.readLong();
        switch (demand) {
            case ORDER -> {
                Order order = Wire.readOrder(demands);
                number = of;
                carrier = Thread.ofPlatform().name("bench-order-" + of).daemon().start(() -> carryOut(order));
            }
            case ABANDON -> {
                // The order may be over, and the next one under way.
                if (carrier != null && number == of) carrier.interrupt();
            }
        }
    }

    private void carryOut(Order order) {
        try {
            try {
                Outcome outcome = outcomeOf(order);
                Wire.writeOutcome(answers, outcome);
            } catch (InterruptedException e) {
                Wire.writeAbandoned(answers);
            } catch (IOException | ExecutionException | RuntimeException e) {
                Wire.writeFailure(answers, String.valueOf(e.getMessage()));
            }
            answers.flush();
        } catch (IOException e) {
            // Nobody is there to hear an answer.
            System.exit(1);
        }
    }

    private Outcome outcomeOf(Order order) throws IOException, InterruptedException, ExecutionException {
        // Closing waits for loads beside: the next order must not meet what is left of them.
        try (ExecutorService helpers = Executors.newCachedThreadPool()) {
            try {
                List<Future<LoadResult>> beside = new ArrayList<>();
                for (LoadPlan plan : order.beside()) {
                    Callable<LoadResult> run = () -> generator.run(plan, LoadObserver.NONE);
                    beside.add(helpers.submit(run));
                }
                LoadResult measured = generator.run(order.measured(), new Teller());
                List<LoadResult> others = new ArrayList<>();
                for (Future<LoadResult> other : beside) others.add(other.get());
                return new Outcome(measured, others);
            } finally {
                helpers.shutdownNow();
            }
        }
    }

    /** Passes on how far the measured load has got. */
    private final class Teller implements LoadObserver {
        @Override
        public void onPhase(Phase phase) {
            try {
                Wire.writePhase(answers, phase);
                answers.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void onProgress(LoadProgress progress) {
            try {
                Wire.writeProgress(answers, progress);
                answers.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
