package dev.headgate.bench.worker;

import dev.headgate.bench.load.LoadObserver;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A load generator in a process of its own. */
public final class Worker implements AutoCloseable {
    private static final int SECONDS_TO_END = 3;

    private final Process process;
    private final DataOutputStream demands; // its lock: what is written at once
    private final DataInputStream answers;
    private long lastNumber;

    private Worker(Process process) {
        this.process = process;
        this.demands = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        this.answers = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    }

    /** Starts {@code command}, whose main class is {@link WorkerMain}. It ends by itself when this process does. */
    public static Worker start(List<String> command) throws IOException {
        return new Worker(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /**
     * Has an order carried out; {@code observer} is called on this thread, and may take its time.
     *
     * @param sense ends, in whatever way, when the order makes no sense any more; it is then ended before its time
     * @return empty when it was ended before its time
     * @throws IOException when it cannot be carried out, or the process has ended
     */
    public Optional<Outcome> carryOut(Order order, LoadObserver observer, CompletableFuture<?> sense)
            throws IOException {
        long number = ++lastNumber;
        CompletableFuture<?> watch = null;
        try {
            synchronized (demands) {
                Wire.writeDemand(demands, Wire.Demand.ORDER, number);
                Wire.writeOrder(demands, order);
                demands.flush();
            }
            watch = sense.whenComplete((_, _) -> abandon(number));
            return outcome(observer);
        } catch (IOException e) {
            throw process.isAlive() && !(e instanceof EOFException) ? e : new IOException(end(), e);
        } finally {
            if (watch != null) watch.cancel(false);
        }
    }

    private Optional<Outcome> outcome(LoadObserver observer) throws IOException {
        while (true) {
            switch (Wire.readKind(answers)) {
                case PHASE -> observer.onPhase(Wire.readPhase(answers));
                case PROGRESS -> observer.onProgress(Wire.readProgress(answers));
                case OUTCOME -> {
                    return Optional.of(Wire.readOutcome(answers));
                }
                case ABANDONED -> {
                    return Optional.empty();
                }
                case FAILURE -> throw new IOException("the load generator failed: " + answers.readUTF());
            }
        }
    }

    /** Called on whichever thread sees that the order makes no sense any more. */
    private void abandon(long number) {
        try {
            synchronized (demands) {
                Wire.writeDemand(demands, Wire.Demand.ABANDON, number);
                demands.flush();
            }
        } catch (IOException e) {
            // The process has ended, which the waiting thread finds out by itself.
        }
    }

    private String end() {
        try {
            if (process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                return "the load generator has ended by itself, with exit code " + process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "the load generator does not answer";
    }

    @Override
    public void close() {
        try {
            demands.close();
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
