package dev.headgate.bench.load;

import java.io.PrintStream;
import java.util.Locale;

/** A result for people. */
final class LoadSummary {
    private static final double NS_PER_US = 1e3;
    private static final double BYTES_PER_MB = 1e6;

    private LoadSummary() {}

    static void print(LoadPlan plan, LoadResult result, PrintStream to) {
        to.println(line(
                "%,d requests in %.1f s: %,.0f/s, %,.1f MB/s of content",
                result.requests(),
                result.seconds(),
                result.requestsPerSecond(),
                result.bodyBytes() / BYTES_PER_MB / result.seconds()));
        if (plan.isOpenLoop() && result.requestsPerSecond() < plan.ratePerSecond() * 0.999) {
            to.println(line("the rate of %,.0f/s was not reached", plan.ratePerSecond()));
        }
        latency(plan.isOpenLoop() ? "latency from the due time, us" : "latency, us", result.latency(), to);
        if (plan.isOpenLoop()) {
            latency("of it before the sending, us", result.sendDelay(), to);
        }
        if (plan.idleConnections() > 0) {
            to.println(line(
                    "idle connections: %,d opened, %,d lost, %,d answered in the end",
                    result.idle().opened(), result.idle().lost(), result.idle().answered()));
        }
        if (plan.slowClients().connections() > 0) {
            to.println(line("slow clients: %,d answers, %,d failures", result.slowAnswers(), result.slowFailures()));
        }
        to.println(line(
                "generator: %.2f us of processor time per request",
                result.cpuNs() / NS_PER_US / Math.max(1, result.requests())));
        errors(result, to);
    }

    private static void latency(String what, LatencySummary latency, PrintStream to) {
        to.println(line(
                "%s: p50 %,.1f, p90 %,.1f, p99 %,.1f, p99.9 %,.1f, max %,.1f",
                what,
                latency.p50Ns() / NS_PER_US,
                latency.p90Ns() / NS_PER_US,
                latency.p99Ns() / NS_PER_US,
                latency.p999Ns() / NS_PER_US,
                latency.maxNs() / NS_PER_US));
    }

    private static void errors(LoadResult result, PrintStream to) {
        for (LoadError kind : LoadError.values()) {
            if (result.errors(kind) > 0) {
                to.println(line("errors, %s: %,d", kind.token(), result.errors(kind)));
            }
        }
        result.examples().forEach(example -> to.println("  " + example));
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
