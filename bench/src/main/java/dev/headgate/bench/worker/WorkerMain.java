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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Takes orders from standard input until it ends, and answers on standard output. */
public final class WorkerMain {
    private final LoadGenerator generator = LoadGenerator.ofProcess();
    private final ExecutorService helpers = Executors.newCachedThreadPool();
    private final DataInputStream orders;
    private final DataOutputStream answers;

    private WorkerMain(DataInputStream orders, DataOutputStream answers) {
        this.orders = orders;
        this.answers = answers;
    }

    /** Runs until standard input ends, which it also does when whoever gives orders is gone. */
    public static void main(String[] arguments) throws Exception {
        var worker = new WorkerMain(
                new DataInputStream(new BufferedInputStream(System.in)),
                new DataOutputStream(new BufferedOutputStream(System.out)));
        while (orderFollows(worker.orders)) {
            worker.carryOut(Wire.readOrder(worker.orders));
        }
        System.exit(0);
    }

    private static boolean orderFollows(DataInputStream orders) throws IOException {
        orders.mark(1);
        if (orders.read() < 0) return false;
        orders.reset();
        return true;
    }

    private void carryOut(Order order) throws IOException, InterruptedException {
        List<Future<LoadResult>> beside = new ArrayList<>();
        for (LoadPlan plan : order.beside()) {
            Callable<LoadResult> run = () -> generator.run(plan, LoadObserver.NONE);
            beside.add(helpers.submit(run));
        }
        try {
            LoadResult measured = generator.run(order.measured(), new Teller());
            List<LoadResult> others = new ArrayList<>();
            for (Future<LoadResult> other : beside) others.add(other.get());
            Wire.writeOutcome(answers, new Outcome(measured, others));
        } catch (IOException | ExecutionException | RuntimeException e) {
            Wire.writeFailure(answers, String.valueOf(e.getMessage()));
        }
        answers.flush();
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
