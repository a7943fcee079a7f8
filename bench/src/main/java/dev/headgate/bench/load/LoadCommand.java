package dev.headgate.bench.load;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code headgate bench load}: one plan from the command line. */
public final class LoadCommand {
    private static final int FINE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_ARGUMENTS = 2;
    private static final int PORT_USUAL = 80;

    private LoadCommand() {}

    /**
     * Does what {@code arguments} ask for.
     *
     * @return the exit code: 0 fine, 1 some requests failed or none came, 2 a mistake in the arguments
     */
    public static int run(List<String> arguments, PrintStream out, PrintStream err) {
        CommandLine commandLine = new CommandLine(LoadSyntax.create()).setOverwrittenOptionsAllowed(true);
        try {
            ParseResult options = commandLine.parseArgs(arguments.toArray(String[]::new));
            if (options.isUsageHelpRequested()) {
                commandLine.usage(out);
                return FINE;
            }
            return run(new Options(options), out, err);
        } catch (ParameterException | IllegalArgumentException e) {
            err.println("headgate: " + e.getMessage());
            return WRONG_ARGUMENTS;
        } catch (IOException e) {
            err.println("headgate: " + e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static int run(Options options, PrintStream out, PrintStream err) throws IOException, InterruptedException {
        LoadPlan plan = options.plan();
        Watcher watcher = new Watcher(options.processes(), options.is(LoadSyntax.PHASES), err);
        LoadGenerator generator = LoadGenerator.ofProcess();
        if (options.selfWarmUp().isPositive()) {
            PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.US_ASCII);
            generator.warmUp(plan, options.selfWarmUp(), new Watcher(options.processes(), true, nowhere));
        }
        LoadResult result = generator.run(plan, watcher);
        LoadSummary.print(plan, result, err);
        out.println(LoadJson.of(plan, result, watcher.usedNs));
        out.flush();
        boolean isIdleWhole = result.idle().answered() == plan.idleConnections();
        boolean hasAnswers = plan.connections() == 0 || result.requests() > 0;
        boolean isWithoutErrors = result.errorCount() == 0 && result.slowFailures() == 0;
        return isWithoutErrors && isIdleWhole && hasAnswers ? FINE : FAILED;
    }

    /** Shows progress, and reads the processor time of other processes; one that it cannot read both times is missing. */
    private static final class Watcher implements LoadObserver {
        private final List<Long> processes;
        private final boolean tellsPhases;
        private final PrintStream err;
        private final Map<Long, Long> beforeNs = new HashMap<>();
        private final Map<Long, Long> usedNs = new HashMap<>();

        Watcher(List<Long> processes, boolean tellsPhases, PrintStream err) {
            this.processes = processes;
            this.tellsPhases = tellsPhases;
            this.err = err;
        }

        @Override
        public void onPhase(Phase phase) {
            if (phase == Phase.MEASURING) {
                processes.forEach(process -> cpuNs(process).ifPresent(ns -> beforeNs.put(process, ns)));
            } else if (phase == Phase.DRAINING) {
                beforeNs.forEach(
                        (process, before) -> cpuNs(process).ifPresent(now -> usedNs.put(process, now - before)));
            }
            if (tellsPhases) {
                err.println("phase=" + phase);
            }
        }

        @Override
        public void onProgress(LoadProgress progress) {
            err.println(progress.phase() + ": " + progress.connectionsOpen() + " connections, "
                    + Math.round(progress.answersPerSecond()) + "/s, " + progress.errors() + " errors");
        }

        private static OptionalLong cpuNs(long process) {
            return ProcessHandle.of(process)
                    .flatMap(handle -> handle.info().totalCpuDuration())
                    .map(time -> OptionalLong.of(time.toNanos()))
                    .orElse(OptionalLong.empty());
        }
    }

    /** The arguments, understood. */
    private record Options(ParseResult parsed) {
        LoadPlan plan() {
            URI url = URI.create(parsed.matchedPositionalValue(0, ""));
            if (!"http".equals(url.getScheme()) || url.getHost() == null) {
                throw new IllegalArgumentException("not a URL of the form http://HOST:PORT/PATH: " + url);
            }
            int port = url.getPort() < 0 ? PORT_USUAL : url.getPort();
            return LoadPlan.closed(
                            new InetSocketAddress(url.getHost(), port), request(url), number(LoadSyntax.CONNECTIONS))
                    .withRatePerSecond(decimal(LoadSyntax.RATE))
                    .withConnectionUse(
                            is(LoadSyntax.PER_REQUEST)
                                    ? LoadPlan.ConnectionUse.PER_REQUEST
                                    : LoadPlan.ConnectionUse.KEEP_ALIVE)
                    .withHttp2Streams(number(LoadSyntax.STREAMS))
                    .withSpread(is(LoadSyntax.HOTTEST) ? LoadPlan.Spread.HOTTEST : LoadPlan.Spread.ROUND_ROBIN)
                    .withIdleConnections(number(LoadSyntax.IDLE))
                    .withSlowClients(slowClients())
                    .withLoops(number(LoadSyntax.LOOPS))
                    .withTimes(seconds(LoadSyntax.WARM_UP), seconds(LoadSyntax.DURATION))
                    .withInterval(Duration.ofMillis(number(LoadSyntax.INTERVAL)))
                    .withTimeout(seconds(LoadSyntax.TIMEOUT))
                    .withSourceAddresses(number(LoadSyntax.SOURCE_ADDRESSES));
        }

        private LoadRequest request(URI url) {
            String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
            String target = url.getRawQuery() == null ? path : path + '?' + url.getRawQuery();
            LoadRequest request = requestFor(target)
                    .withHost(text(LoadSyntax.HOST))
                    .withFieldLines(Arrays.asList(parsed.matchedOptionValue(LoadSyntax.HEADER, new String[0])))
                    .withExpectedStatus(number(LoadSyntax.EXPECT_STATUS));
            if (!text(LoadSyntax.EXPECT_BYTES).isEmpty()) {
                request = request.withExpectedBytes(bytes(LoadSyntax.EXPECT_BYTES));
            }
            return is(LoadSyntax.VERIFY) ? request.verified() : request;
        }

        private LoadRequest requestFor(String target) {
            if (!text(LoadSyntax.CHUNKED).isEmpty()) {
                return LoadRequest.post(target, bytes(LoadSyntax.CHUNKED), LoadRequest.BodyFraming.CHUNKED);
            }
            if (!text(LoadSyntax.POST).isEmpty()) {
                return LoadRequest.post(target, bytes(LoadSyntax.POST), LoadRequest.BodyFraming.LENGTH);
            }
            return LoadRequest.get(target, ByteCount.namedBy(target));
        }

        private SlowClients slowClients() {
            int senders = number(LoadSyntax.SLOW_SENDERS);
            int readers = number(LoadSyntax.SLOW_READERS);
            if (senders > 0 && readers > 0) {
                throw new IllegalArgumentException("slow clients either send or read slowly");
            }
            return new SlowClients(
                    senders + readers,
                    readers > 0 ? SlowClients.Kind.READING : SlowClients.Kind.SENDING,
                    text(LoadSyntax.SLOW_TARGET),
                    Duration.ofMillis(number(LoadSyntax.SLOW_PAUSE)));
        }

        Duration selfWarmUp() {
            return seconds(LoadSyntax.SELF_WARM_UP);
        }

        List<Long> processes() {
            return Arrays.stream(text(LoadSyntax.CPU_OF).split(",", -1))
                    .filter(part -> !part.isEmpty())
                    .map(part -> (long) integer(LoadSyntax.CPU_OF, part))
                    .toList();
        }

        boolean is(String option) {
            return parsed.hasMatchedOption(option);
        }

        private String text(String option) {
            @Nullable String value = parsed.matchedOptionValue(option, null);
            if (value != null) {
                return value;
            }
            String usual = parsed.commandSpec().findOption(option).defaultValue();
            return usual == null ? "" : usual;
        }

        private int number(String option) {
            return integer(option, text(option));
        }

        private static int integer(String option, String text) {
            try {
                return Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(option + " wants a whole number, not " + text, e);
            }
        }

        private double decimal(String option) {
            try {
                return Double.parseDouble(text(option));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(option + " wants a number, not " + text(option), e);
            }
        }

        private Duration seconds(String option) {
            double seconds = decimal(option);
            if (!(seconds >= 0 && seconds <= Integer.MAX_VALUE)) {
                throw new IllegalArgumentException(option + " wants seconds, not " + text(option));
            }
            return Duration.ofNanos(Math.round(seconds * 1e9));
        }

        private long bytes(String option) {
            long bytes = ByteCount.parse(text(option));
            if (bytes < 0) {
                throw new IllegalArgumentException(
                        option + " wants a number of bytes such as 100k, not " + text(option));
            }
            return bytes;
        }
    }
}
