package dev.headgate.balancer.health;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Finds endpoints that do worse than the others of their upstream, from what was counted in one window.
 *
 * <p>Each is compared with the mean and standard deviation <em>of the others</em>. If it were part of them, it would widen
 * the deviation that it is measured by: among five endpoints none can then be more than 1.79 deviations off, so that the
 * usual factor of 1.9 would never find anything.
 */
public final class Outliers {
    /**
     * An outlier.
     *
     * @param value its success rate in percent, or its mean latency in nanoseconds
     * @param limit what it would have had to reach, or not to exceed
     */
    public record Outlier(int slot, EjectionReason reason, double value, double limit) {}

    private Outliers() {}

    /**
     * Endpoints whose share of successes is too low, the worst first.
     *
     * @param requests ended in the window, by slot; 0 for one that is to be left out
     * @param successes how many of them were successes, by slot
     */
    public static List<Outlier> bySuccessRate(OutlierSettings settings, long[] requests, long[] successes) {
        Sample sample = new Sample(settings, requests);
        double[] rates = sample.values(slot -> 100.0 * successes[slot] / requests[slot]);
        Others others = new Others(rates);
        List<Outlier> found = new ArrayList<>();
        for (int i = 0; i < rates.length; i++) {
            double mean = others.mean(i);
            double distance = Math.max(settings.factor() * others.deviation(i), mean * settings.marginPercent() / 100);
            if (rates[i] < mean - distance) {
                found.add(new Outlier(sample.slot(i), EjectionReason.SUCCESS_RATE, rates[i], mean - distance));
            }
        }
        found.sort(Comparator.comparingDouble(Outlier::value));
        return found;
    }

    /**
     * Endpoints whose mean latency is too high, the worst first.
     *
     * @param requests ended in the window, by slot; 0 for one that is to be left out
     * @param latencySumsNs the latencies of these requests, added up, by slot
     */
    public static List<Outlier> byLatency(OutlierSettings settings, long[] requests, long[] latencySumsNs) {
        Sample sample = new Sample(settings, requests);
        double[] latencies = sample.values(slot -> (double) latencySumsNs[slot] / requests[slot]);
        Others others = new Others(latencies);
        List<Outlier> found = new ArrayList<>();
        for (int i = 0; i < latencies.length; i++) {
            double mean = others.mean(i);
            double distance = Math.max(settings.factor() * others.deviation(i), mean * settings.marginPercent() / 100);
            if (latencies[i] > mean + distance) {
                found.add(new Outlier(sample.slot(i), EjectionReason.LATENCY, latencies[i], mean + distance));
            }
        }
        found.sort(Comparator.comparingDouble(Outlier::value).reversed());
        return found;
    }

    /** The endpoints with enough requests; none when there are too few of them. */
    private static final class Sample {
        private final int[] slots;

        Sample(OutlierSettings settings, long[] requests) {
            int[] enough = new int[requests.length];
            int count = 0;
            for (int slot = 0; slot < requests.length; slot++) {
                if (requests[slot] >= settings.requestsMin()) {
                    enough[count++] = slot;
                }
            }
            slots = count < settings.endpointsMin() ? new int[0] : Arrays.copyOf(enough, count);
        }

        int slot(int index) {
            return slots[index];
        }

        double[] values(IntToDoubleFunction valueOf) {
            double[] values = new double[slots.length];
            for (int i = 0; i < slots.length; i++) {
                values[i] = valueOf.applyAsDouble(slots[i]);
            }
            return values;
        }
    }

    /** The mean and standard deviation of the values but one. */
    private static final class Others {
        private final double[] values;
        private final double mean; // of all
        private final double squares; // of the distances of all from it, added up

        Others(double[] values) {
            double sum = 0;
            for (double value : values) {
                sum += value;
            }
            double squareSum = 0;
            this.values = values;
            this.mean = sum / Math.max(values.length, 1);
            for (double value : values) {
                squareSum += (value - mean) * (value - mean);
            }
            this.squares = squareSum;
        }

        double mean(int without) {
            return mean - (values[without] - mean) / (values.length - 1);
        }

        // What one value adds to the squares is its distance from the mean of all times that from the mean of the
        // others.
        double deviation(int without) {
            double own = (values[without] - mean) * (values[without] - mean(without));
            return Math.sqrt(Math.max(squares - own, 0) / (values.length - 1));
        }
    }
}
