package dev.headgate.balance;

import dev.headgate.balancer.health.EjectionReason;
import dev.headgate.balancer.health.Ejector;
import dev.headgate.balancer.health.OutlierSettings;
import dev.headgate.balancer.health.Outliers;
import dev.headgate.balancer.health.Outliers.Outlier;
import dev.headgate.config.EjectionConfig;
import dev.headgate.upstream.EndpointNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares endpoints with each other at the end of each window, by what loops have counted in it. */
final class OutlierWatch {
    /** An endpoint that differs too much. */
    record Finding(int slot, EjectionReason reason) {}

    private final @Nullable Window successRate;
    private final @Nullable Window latency;

    private OutlierWatch(@Nullable Window successRate, @Nullable Window latency) {
        this.successRate = successRate;
        this.latency = latency;
    }

    /** Null when nothing is compared. */
    static @Nullable OutlierWatch of(EjectionConfig config, long nowNs) {
        if (config.successRate().isEmpty() && config.latency().isEmpty()) {
            return null;
        }
        return new OutlierWatch(
                config.successRate().map(each -> new Window(each, nowNs)).orElse(null),
                config.latency().map(each -> new Window(each, nowNs)).orElse(null));
    }

    /** Whether a window has ended. */
    boolean isDue(long nowNs) {
        return successRate != null && successRate.isOver(nowNs) || latency != null && latency.isOver(nowNs);
    }

    /** What the windows that have ended show; nothing while none has. */
    List<Finding> look(List<EndpointKeeper> endpoints, int slotCount, Ejector ejector, long nowNs) {
        List<Finding> found = new ArrayList<>();
        if (successRate != null && successRate.isOver(nowNs)) {
            successRate.close(endpoints, slotCount, ejector, nowNs);
            add(found, Outliers.bySuccessRate(successRate.settings, successRate.requests, successRate.successes));
        }
        if (latency != null && latency.isOver(nowNs)) {
            latency.close(endpoints, slotCount, ejector, nowNs);
            add(found, Outliers.byLatency(latency.settings, latency.answers, latency.latencySumsNs));
        }
        return found;
    }

    private static void add(List<Finding> found, List<Outlier> outliers) {
        for (Outlier outlier : outliers) {
            found.add(new Finding(outlier.slot(), outlier.reason()));
        }
    }

    /** Counts at the end of the window before, and what has come since. */
    private static final class Window {
        private final OutlierSettings settings;
        private final long lengthNs;
        private long endNs;
        private Totals[] before = new Totals[0];

        private long[] requests = new long[0];
        private long[] successes = new long[0];
        private long[] answers = new long[0];
        private long[] latencySumsNs = new long[0];

        Window(EjectionConfig.Outlier config, long nowNs) {
            settings = BalanceSettings.outlier(config);
            lengthNs = config.windowNs();
            endNs = nowNs + lengthNs;
        }

        boolean isOver(long nowNs) {
            return endNs - nowNs <= 0;
        }

        /** Those that are out already are left out: what they did before would count against them again. */
        void close(List<EndpointKeeper> endpoints, int count, Ejector ejector, long nowNs) {
            endNs = nowNs + lengthNs;
            Totals[] now = new Totals[count];
            requests = new long[count];
            successes = new long[count];
            answers = new long[count];
            latencySumsNs = new long[count];
            before = Arrays.copyOf(before, count);
            for (EndpointKeeper endpoint : endpoints) {
                int slot = endpoint.slot();
                now[slot] = Totals.of(endpoint.node());
                Totals since = before[slot];
                boolean wasThere = since != null && endpoint.isOf(since.endpoint);
                if (since == null || !wasThere || !endpoint.isPickable(ejector)) {
                    continue;
                }
                requests[slot] = now[slot].requests - since.requests;
                successes[slot] = requests[slot] - (now[slot].failures - since.failures);
                answers[slot] = now[slot].answers - since.answers;
                latencySumsNs[slot] = now[slot].latencySumNs - since.latencySumNs;
            }
            before = now;
        }
    }

    private record Totals(EndpointNode endpoint, long requests, long failures, long answers, long latencySumNs) {
        /** What an attempt has come to that was given up for another one is not known: it is no request here. */
        static Totals of(EndpointNode endpoint) {
            long lost = endpoint.stats().lost();
            return new Totals(
                    endpoint,
                    endpoint.stats().ended() - lost,
                    endpoint.stats().allFailures(),
                    endpoint.stats().answers(),
                    endpoint.stats().answerLatencySumNs());
        }
    }
}
