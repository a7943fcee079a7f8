package dev.headgate.balancer.breaker;

import dev.headgate.balancer.Jitter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Finds out how many requests an upstream can have under way before they queue there.
 * <pre>
 *  latency
 *        │                      ╱            up to the knee more requests at once mean more throughput,
 *        │                    ╱              above it they only wait longer
 *   base ┤──────────────────╱
 *        └────────────────────────▶ requests under way
 *                        knee
 * </pre>
 * With each window of samples the limit moves towards
 * <pre>
 *  limit × gradient + √limit         gradient = (baseline + tolerance) / latency, from 0.5 to 1
 * </pre>
 * The root lets it grow while latency stays near the baseline; near the knee both terms balance. It does not grow while less
 * than half of it is used, for then nothing shows that more would do.
 *
 * <p>The <em>baseline</em> is the latency without a queue. A plain average would follow the queue that it should reveal. So
 * it is the lowest latency of any window, and is measured anew at the start and when no window has confirmed it for some
 * time, by being within the tolerance with few requests under way:
 * <ul>
 * <li>The limit goes down to a share of itself. That empties the queue but refuses little: near the knee, half of the limit
 *     is below it. If latency falls by more than the tolerance, there still was a queue, and the limit goes down once more.
 *     Only windows count in which no more than that was under way. Traffic that never needs more than that share confirms
 *     or renews the baseline without being limited.
 * <li>When the limit has been at its lowest for some windows, latency there is the baseline: so few requests queue for no
 *     fault of ours. So an upstream that has become slower for good does not stay at the lowest limit.
 * </ul>
 * Windows with too few samples are taken together until there are enough, or a low limit and a slow upstream would never be
 * looked at again. A window in which many requests timed out has the lowest gradient: what timed out has no sample.
 *
 * <p>The loops read {@link #limit} alone. Everything else is for the one who decides.
 */
public final class ConcurrencyLimit {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(int[].class);

    private static final double GRADIENT_MIN = 0.5;
    private static final int LOWEST = 6; // by the lowest gradient it comes to rest at 4, and nears that slowly
    private static final int WINDOWS_AT_LOWEST_MAX = 5;
    private static final int WINDOWS_TO_MEASURE_MAX = 10; // requests that last may keep the queue from emptying
    private static final int TIMEOUTS_PERCENT = 10; // fewer of all that ended are no sign of overload

    private static final int INDEX = 32; // alone in its pair of cache lines: read by all loops, written now and then
    private final int[] cell = new int[2 * INDEX + 1];

    private ConcurrencySettings settings;
    private double estimate; // what the limit is when nothing is being measured

    private double baselineNs; // 0 while there is none
    private long remeasureAtNs;
    private int windowsMeasuring; // 0 while nothing is being measured
    private int measuringLimit; // meanwhile
    private int windowsAtLowest;

    // What has been seen since there were enough samples.
    private int samples;
    private int timedOut;
    private double latencySumNs;
    private int inFlightMax;

    public ConcurrencyLimit(ConcurrencySettings settings, long nowNs) {
        this.settings = settings;
        this.estimate = settings.initial();
        this.remeasureAtNs = nowNs;
        publish();
    }

    /** How many requests may be under way. For the loops; a reader may lag a little behind. */
    public int limit() {
        return (int) CELL.getOpaque(cell, INDEX);
    }

    /** Takes other settings over; the limit moves into the new range at once. */
    public void reconfigure(ConcurrencySettings newSettings) {
        settings = newSettings;
        estimate = Math.clamp(estimate, newSettings.min(), newSettings.max());
        measuringLimit = Math.clamp(measuringLimit, newSettings.min(), newSettings.max());
        publish();
    }

    /**
     * A window has ended.
     *
     * @param ended how many requests ended in it with an answer
     * @param latencyNs their mean or median latency; does not matter if there were none
     * @param withoutAnswer how many timed out in it
     * @param underWayMax the most that were under way at once
     * @return the limit from now on
     */
    public int onWindow(int ended, long latencyNs, int withoutAnswer, int underWayMax, long nowNs, long random) {
        if (windowsMeasuring > 0) {
            onMeasuringWindow(underWayMax, nowNs, random);
        }
        samples += ended;
        latencySumNs += (double) ended * latencyNs;
        timedOut += withoutAnswer;
        inFlightMax = Math.max(inFlightMax, underWayMax);
        if (samples + timedOut >= settings.samplesMin()) {
            onEnoughSamples(samples == 0 ? 0 : latencySumNs / samples, nowNs, random);
            startOver();
        }
        publish();
        return limit();
    }

    private void startOver() {
        samples = 0;
        timedOut = 0;
        latencySumNs = 0;
        inFlightMax = 0;
    }

    private void onMeasuringWindow(int underWayMax, long nowNs, long random) {
        windowsMeasuring++;
        if (inFlightMax > measuringLimit) {
            startOver();
        }
        if (windowsMeasuring > WINDOWS_TO_MEASURE_MAX && underWayMax > measuringLimit) {
            endMeasuring(nowNs, random);
        }
    }

    private void onEnoughSamples(double latencyNs, long nowNs, long random) {
        boolean isOverloaded = timedOut > 0 && timedOut * 100L >= (long) TIMEOUTS_PERCENT * (samples + timedOut);
        if (windowsMeasuring > 0 && isOverloaded) {
            endMeasuring(nowNs, random); // with so few requests: there is nothing to be measured now
        } else if (windowsMeasuring > 0) {
            if (inFlightMax <= measuringLimit && latencyNs > 0) {
                measure(latencyNs, nowNs, random);
            }
            return;
        }
        if (latencyNs > 0) {
            learnBaseline(latencyNs, nowNs, random);
        }
        adapt(isOverloaded ? GRADIENT_MIN : gradient(latencyNs));
        if (!isOverloaded && nowNs - remeasureAtNs >= 0 && inFlightMax > reduced(estimate)) {
            windowsMeasuring = 1;
            measuringLimit = reduced(estimate);
        }
    }

    private void measure(double latencyNs, long nowNs, long random) {
        boolean thereWasAQueue = latencyNs < baselineNs * 100 / (100 + settings.tolerancePercent());
        baselineNs = latencyNs;
        if (thereWasAQueue && measuringLimit > settings.min()) {
            windowsMeasuring = 1;
            measuringLimit = reduced(measuringLimit);
        } else {
            endMeasuring(nowNs, random);
        }
    }

    private void endMeasuring(long nowNs, long random) {
        windowsMeasuring = 0;
        confirm(nowNs, random);
    }

    private void learnBaseline(double latencyNs, long nowNs, long random) {
        windowsAtLowest =
                estimate <= Math.max(settings.min(), LOWEST) && latencyNs > toleratedNs() ? windowsAtLowest + 1 : 0;
        boolean hasNoQueue = inFlightMax <= reduced(estimate);
        boolean isDue = nowNs - remeasureAtNs >= 0;
        if (baselineNs == 0
                || latencyNs <= baselineNs
                || windowsAtLowest >= WINDOWS_AT_LOWEST_MAX
                || hasNoQueue && isDue) {
            baselineNs = latencyNs;
            windowsAtLowest = 0;
        }
        if (hasNoQueue && latencyNs <= toleratedNs()) {
            confirm(nowNs, random);
        }
    }

    private double gradient(double latencyNs) {
        return latencyNs > 0 ? Math.clamp(toleratedNs() / latencyNs, GRADIENT_MIN, 1) : 1;
    }

    private void adapt(double gradient) {
        double target = estimate * gradient + Math.sqrt(estimate);
        if (target > estimate && inFlightMax * 2L < (long) estimate) {
            return;
        }
        double smoothing = settings.smoothingPercent() / 100.0;
        estimate = Math.clamp(estimate + (target - estimate) * smoothing, settings.min(), settings.max());
    }

    /** The baseline holds for some time from now. */
    private void confirm(long nowNs, long random) {
        remeasureAtNs = nowNs + Jitter.above(settings.remeasureNs(), settings.remeasureJitterPercent(), random);
    }

    private double toleratedNs() {
        return baselineNs * (100 + settings.tolerancePercent()) / 100;
    }

    private int reduced(double limit) {
        return Math.max((int) (limit * settings.remeasurePercent() / 100), settings.min());
    }

    private void publish() {
        CELL.setOpaque(cell, INDEX, windowsMeasuring == 0 ? (int) estimate : measuringLimit);
    }

    /** The lowest latency that is taken for one without a queue, or 0 when none is known yet. */
    public long baselineNs() {
        return (long) baselineNs;
    }

    /** Whether the limit is lowered at the moment so that the baseline can be measured. */
    public boolean isMeasuring() {
        return windowsMeasuring > 0;
    }
}
