package dev.headgate.bench.fault.origin;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** An origin that fails on command, as a process of its own. */
public final class FaultOriginMain {
    /** What checks ask for; everything else is a request. */
    public static final String HEALTH_PATH = "/health";

    private FaultOriginMain() {}

    /**
     * Carries out the {@link Command}s on standard input until it is told to end, or standard input ends, which it also does when the process
     * at its other end is gone.
     *
     * @param arguments address, port, and the file with the counters
     */
    public static void main(String[] arguments) throws Exception {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.ofLiteral(arguments[0]), Integer.parseInt(arguments[1]));
        CounterFile counters = CounterFile.open(Path.of(arguments[2]));
        FaultOrigin origin = FaultOrigin.start(address, counters);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        Optional<Command> command = next(commands);
        while (command.isPresent()) {
            origin.carryOut(command.get());
            counters.onCommand();
            command = command.get() == Command.END ? Optional.empty() : next(commands);
        }
        System.exit(0);
    }

    private static Optional<Command> next(BufferedReader commands) throws Exception {
        String word = commands.readLine();
        return word == null ? Optional.empty() : Command.of(word);
    }
}
