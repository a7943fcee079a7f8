package dev.headgate.bench.fault.run;

import dev.headgate.bench.fault.Act;
import dev.headgate.bench.fault.FaultScenario;
import dev.headgate.bench.fault.origin.Command;
import dev.headgate.bench.fault.origin.CounterFile;
import dev.headgate.bench.fault.origin.FaultOriginMain;
import dev.headgate.bench.target.JavaCommand;
import dev.headgate.bench.target.Processes;
import dev.headgate.bench.target.Processes.Lifeline;
import dev.headgate.bench.target.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The origins of a run: each a process of its own with an address of its own, 127.0.0.11 and so on, and the same port for all. What connects
 * within the machine comes from 127.0.0.1, and so cannot take the port of an origin that is away.
 */
final class FaultOrigins implements Director.Stage {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long PAUSE_MS = 5;
    private static final int FIRST_ADDRESS = 11;
    private static final int PORT_TRIES = 10;

    private final Processes processes;
    private final List<String> flags;
    private final int port;
    private final List<One> origins = new ArrayList<>();

    private FaultOrigins(Processes processes, List<String> flags, int port) {
        this.processes = processes;
        this.flags = flags;
        this.port = port;
    }

    /**
     * Starts all of them; they accept when this returns.
     *
     * @param flags of their JVMs
     */
    static FaultOrigins start(Processes processes, List<String> flags) throws IOException, InterruptedException {
        FaultOrigins all = new FaultOrigins(processes, flags, freePort());
        Path folder = processes.folderOf("origins");
        for (int i = 0; i < FaultScenario.ORIGINS; i++) {
            One origin = all.new One(folder.resolve("counters-" + i), "127.0.0." + (FIRST_ADDRESS + i));
            all.origins.add(origin);
            origin.begin();
        }
        for (One origin : all.origins) origin.awaitStart();
        return all;
    }

    /** A port that nobody listens at, at any of the addresses. */
    private static int freePort() throws IOException {
        IOException last = new IOException("no free port");
        for (int i = 0; i < PORT_TRIES; i++) {
            try (ServerSocket first = new ServerSocket(0, 1, address(0))) {
                for (int other = 1; other < FaultScenario.ORIGINS; other++) {
                    new ServerSocket(first.getLocalPort(), 1, address(other)).close();
                }
                return first.getLocalPort();
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IOException(
                "origins need a free port at 127.0.0." + FIRST_ADDRESS + " and the addresses behind it: "
                        + last.getMessage(),
                last);
    }

    private static InetAddress address(int origin) {
        return InetAddress.ofLiteral("127.0.0." + (FIRST_ADDRESS + origin));
    }

    List<InetSocketAddress> addresses() {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (int i = 0; i < origins.size(); i++) addresses.add(new InetSocketAddress(address(i), port));
        return addresses;
    }

    /** One of their processes. */
    ServerProcess any() throws IOException {
        return origins.getFirst().process();
    }

    /** Requests that each of them has got since the start of the run. */
    List<Long> requests() {
        return origins.stream().map(origin -> origin.counters.requests()).toList();
    }

    @Override
    public void play(int number, Act act) throws IOException, InterruptedException {
        One origin = origins.get(number);
        switch (act) {
            case KILL -> origin.kill();
            case START -> {
                origin.begin();
                origin.awaitStart();
            }
            case STOP -> origin.stop();
            case CONTINUE -> origin.goOn();
            case FAIL -> origin.tell(Command.FAIL);
            case SLOW -> origin.tell(Command.SLOW);
            case WELL -> origin.tell(Command.WELL);
            case REFUSE -> origin.tell(Command.REFUSE);
            case ACCEPT -> origin.tell(Command.ACCEPT);
            case DRAIN -> origin.tell(Command.DRAIN);
            case END -> origin.end();
            case NAME -> throw new IOException("origins have no name");
        }
    }

    /** Makes all of them new, whatever has been done to them. */
    void renew() throws IOException, InterruptedException {
        for (One origin : origins) {
            origin.goOn();
            origin.kill();
            origin.begin();
        }
        for (One origin : origins) origin.awaitStart();
    }

    /** One of them. */
    private final class One {
        private final CounterFile counters;
        private final Path file;
        private final String address;
        private @Nullable ServerProcess process;
        private long starts;
        private boolean isStopped;

        One(Path file, String address) throws IOException {
            this.counters = CounterFile.open(file);
            this.file = file;
            this.address = address;
        }

        void begin() throws IOException {
            List<String> command = new ArrayList<>(JavaCommand.of(FaultOriginMain.class.getName(), flags));
            command.addAll(List.of(address, String.valueOf(port), file.toString()));
            starts = counters.starts();
            process = processes.start(
                    "origin " + address, command, Map.of(), processes.folderOf("origin"), Lifeline.STANDARD_INPUT);
        }

        void awaitStart() throws IOException, InterruptedException {
            await("does not start", () -> counters.starts() > starts);
        }

        private ServerProcess process() throws IOException {
            ServerProcess current = process;
            if (current == null) throw new IOException("origin " + address + " does not run");
            return current;
        }

        void tell(Command command) throws IOException, InterruptedException {
            long before = counters.commands();
            process().tell(command.word());
            await("does not obey to " + command.word(), () -> counters.commands() > before);
        }

        void end() throws IOException, InterruptedException {
            process().tell(Command.END.word());
            ServerProcess ending = process();
            if (!ending.awaitEnd(PATIENCE)) throw new IOException("origin " + address + " does not end");
            process = null;
            processes.stop(ending);
        }

        void kill() throws InterruptedException {
            ServerProcess current = process;
            process = null;
            if (current == null) return;
            current.kill();
            processes.stop(current);
        }

        void stop() throws IOException, InterruptedException {
            process().signal("STOP");
            isStopped = true;
        }

        void goOn() throws IOException, InterruptedException {
            if (!isStopped) return;
            isStopped = false;
            process().signal("CONT");
        }

        private void await(String failure, BooleanSupplier condition) throws IOException, InterruptedException {
            long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
            while (!condition.getAsBoolean()) {
                if (!process().isRunning())
                    throw new IOException("origin " + address + " " + process().end());
                if (System.nanoTime() - deadlineNs > 0) throw new IOException("origin " + address + " " + failure);
                Thread.sleep(PAUSE_MS);
            }
        }
    }
}
