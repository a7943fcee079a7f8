package dev.headgate.bench.worker;

import dev.headgate.bench.origin.FastOrigin;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The built-in origin as a process of its own. */
public final class OriginMain {
    private OriginMain() {}

    /**
     * Runs until standard input ends, which it also does when the process at its other end is gone.
     *
     * @param arguments port, and number of loops
     */
    public static void main(String[] arguments) throws Exception {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(arguments[0]));
        FastOrigin.start(address, Integer.parseInt(arguments[1]));
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }
}
