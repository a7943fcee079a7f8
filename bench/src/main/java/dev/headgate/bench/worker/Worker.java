package dev.headgate.bench.worker;

import dev.headgate.bench.load.LoadObserver;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A load generator in a process of its own. */
public final class Worker implements AutoCloseable {
    private static final int SECONDS_TO_END = 3;

    private final Process process;
    private final DataOutputStream orders;
    private final DataInputStream answers;

    private Worker(Process process) {
        this.process = process;
        this.orders = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
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
     * @throws IOException when it cannot be carried out, or the process has ended
     */
    public Outcome carryOut(Order order, LoadObserver observer) throws IOException {
        try {
            Wire.writeOrder(orders, order);
            orders.flush();
            while (true) {
                switch (Wire.readKind(answers)) {
                    case PHASE -> observer.onPhase(Wire.readPhase(answers));
                    case PROGRESS -> observer.onProgress(Wire.readProgress(answers));
                    case OUTCOME -> {
                        return Wire.readOutcome(answers);
                    }
                    case FAILURE -> throw new IOException("the load generator failed: " + answers.readUTF());
                }
            }
        } catch (EOFException e) {
            throw new IOException("the load generator has ended", e);
        }
    }

    @Override
    public void close() {
        try {
            orders.close();
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
