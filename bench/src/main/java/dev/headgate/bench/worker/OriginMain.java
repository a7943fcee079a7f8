package dev.headgate.bench.worker;

import dev.headgate.bench.origin.FastOrigin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** The built-in origin as a process of its own. */
public final class OriginMain {
    private OriginMain() {}

    /**
     * Runs until the process that wanted it is gone.
     *
     * @param arguments port, number of loops, and the id of that process
     */
    public static void main(String[] arguments) throws Exception {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(arguments[0]));
        Optional<ProcessHandle> owner = ProcessHandle.of(Long.parseLong(arguments[2]));
        FastOrigin origin = FastOrigin.start(address, Integer.parseInt(arguments[1]));
        if (owner.isPresent()) owner.get().onExit().join();
        origin.close();
        System.exit(0);
    }
}
