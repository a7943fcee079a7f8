package dev.headgate.fuzz.sim;

import dev.headgate.HeadgateStartException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;

/**
 * Prints what idle connections cost: the heap that one takes in the proxy, its timers, and the processor time of an exchange over one of them, for few and for
 * many of them.
 */
public final class ManyConnectionsMeasurement {
    private static final int EXCHANGES = 200_000;
    private static final int ROUNDS = 5;
    private static final int IDLE_SECONDS = 60;

    private ManyConnectionsMeasurement() {}

    /** The argument is the largest number of connections. */
    public static void main(String[] arguments) throws HeadgateStartException, IOException {
        int most = Integer.parseInt(arguments[0]);
        measure(1_000); // until compiled
        System.out.printf(
                "%11s %14s %14s %10s %14s %14s %12s%n",
                "connections", "bytes each", "simulator's", "timers", "ns/exchange", "idle ms/s", "close, s");
        for (int count : IntStream.of(1_000, 10_000, 100_000, most)
                .filter(n -> n <= most)
                .distinct()
                .toArray()) {
            System.out.println(measure(count));
        }
    }

    private static String measure(int count) throws HeadgateStartException, IOException {
        double simulatorBytes = grown(ManyConnections.toNobody(count), count);
        ManyConnections world = ManyConnections.toProxy(count);
        double bytes = grown(world, count);
        int timers = world.timers();
        double exchangeNs = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long beginNs = cpuNs();
            world.exchange(EXCHANGES);
            exchangeNs = Math.min(exchangeNs, (double) (cpuNs() - beginNs) / EXCHANGES);
        }
        long idleBeginNs = cpuNs();
        world.idle(IDLE_SECONDS);
        double idleMs = (cpuNs() - idleBeginNs) / 1e6 / IDLE_SECONDS;
        long closeBeginNs = cpuNs();
        world.close();
        double closeSeconds = (cpuNs() - closeBeginNs) / 1e9;
        world.stop();
        return "%,11d %,14.0f %,14.0f %,10d %,14.0f %14.3f %12.2f"
                .formatted(count, bytes - simulatorBytes, simulatorBytes, timers, exchangeNs, idleMs, closeSeconds);
    }

    /** Bytes on the heap that a connection adds, once there are some. */
    private static double grown(ManyConnections world, int count) {
        int some = count / 10;
        world.open(some);
        world.idle(IDLE_SECONDS); // until the simulator has dropped events that were called off
        long before = ManyConnections.heapBytes();
        world.open(count);
        world.idle(IDLE_SECONDS);
        return (double) (ManyConnections.heapBytes() - before) / (count - some);
    }

    /** Everything is done by this thread, so that what others do on the machine does not count. */
    private static long cpuNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
