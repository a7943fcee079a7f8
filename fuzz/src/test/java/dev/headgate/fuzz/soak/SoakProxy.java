package dev.headgate.fuzz.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.headgate.BoundListener;
import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.HeadgateStartException;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.observe.StreamLogger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/**
 * The process under soak: Headgate, and one thread that answers what the process holds whenever a line on standard input asks. Nothing of the load
 * lives here, so what grows is the proxy's.
 */
public final class SoakProxy {
    private static final int COLLECTIONS =
            4; // the serial collector leaves dead objects between living ones but for every fourth time
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(10);

    private final Headgate proxy;

    private SoakProxy(Headgate proxy) {
        this.proxy = proxy;
    }

    /** Runs the configuration in the file that the argument names, until standard input says or ends. */
    public static void main(String[] arguments) throws IOException, HeadgateStartException {
        Path file = Path.of(arguments[0]);
        var logger = new StreamLogger(System.err, System.Logger.Level.INFO, System::currentTimeMillis);
        Headgate proxy = Headgate.start(
                ConfigLoader.parse(file.toString(), Files.readString(file), Environment.of(Map.of()))
                        .orThrow(),
                HeadgateOptions.loggingTo(logger));
        new SoakProxy(proxy).serve();
        System.exit(0);
    }

    private void serve() throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        var ready = new StringBuilder("ready");
        for (BoundListener listener : proxy.listeners()) {
            ready.append(' ')
                    .append(listener.name())
                    .append('=')
                    .append(((InetSocketAddress) listener.address()).getPort());
        }
        System.out.println(ready);
        for (String line = input.readLine(); line != null && !line.equals("drain"); line = input.readLine()) {
            switch (line) {
                case "look" -> System.out.println(look());
                case "collect" -> {
                    for (int i = 0; i < COLLECTIONS; i++) {
                        System.gc();
                    }
                    System.out.println(look());
                }
                case "rotate" -> {
                    proxy.reopenLog();
                    System.out.println("rotated");
                }
                default -> throw new IllegalArgumentException(line);
            }
        }
        proxy.drain(DRAIN_TIMEOUT);
        System.out.println("drained");
    }

    private String look() {
        MetricsSnapshot metrics = proxy.metrics();
        long accepted = 0;
        long opened = 0;
        long closed = 0;
        long failures = 0;
        for (MetricsSnapshot.Loop loop : metrics.loops()) {
            accepted += loop.connectionsAccepted();
            opened += loop.connectionsOpened();
            closed += loop.connectionsClosed();
            failures +=
                    loop.handlerFailures() + loop.budgetAborts() + loop.mailboxRejects() + loop.descriptorShortages();
        }
        long downstream = 0;
        long exchanges = 0;
        for (MetricsSnapshot.Listener listener : metrics.listeners().values()) {
            downstream += listener.connectionsOpened() - listener.connectionsClosed();
            exchanges += listener.exchanges().count();
        }
        long attemptsInFlight = 0;
        long attempts = 0;
        for (MetricsSnapshot.Endpoint endpoint : metrics.endpoints().values()) {
            attemptsInFlight += endpoint.attemptsInFlight();
            attempts += endpoint.attempts();
        }
        return new Holdings(
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                        directBytes(),
                        descriptors(),
                        ManagementFactory.getThreadMXBean().getThreadCount(),
                        proxy.linkedTimers(),
                        proxy.outstandingBuffers(),
                        downstream,
                        accepted + opened - closed - downstream,
                        attemptsInFlight,
                        exchanges,
                        attempts,
                        failures)
                .line();
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    /**
     * What the process holds at one moment.
     *
     * @param downstream open connections of clients
     * @param upstream open connections to origins, counted from the loops' own numbers
     * @param failures of handlers, and limits of the process that were met; none is expected
     */
    record Holdings(
            long heapBytes,
            long directBytes,
            long descriptors,
            long threads,
            long timers,
            long buffers,
            long downstream,
            long upstream,
            long attemptsInFlight,
            long exchanges,
            long attempts,
            long failures) {
        String line() {
            long[] all = {
                heapBytes,
                directBytes,
                descriptors,
                threads,
                timers,
                buffers,
                downstream,
                upstream,
                attemptsInFlight,
                exchanges,
                attempts,
                failures
            };
            return String.join(" ", Arrays.stream(all).mapToObj(Long::toString).toList());
        }

        static Holdings parse(String line) {
            long[] all = Arrays.stream(line.split(" ", -1))
                    .mapToLong(Long::parseLong)
                    .toArray();
            return new Holdings(
                    all[0], all[1], all[2], all[3], all[4], all[5], all[6], all[7], all[8], all[9], all[10], all[11]);
        }
    }
}
