package dev.headgate.balancer.health;

import org.jspecify.annotations.Nullable;

/**
 * How the traffic of an upstream is spread over its tiers and zones.
 *
 * @param spillPercent a tier shares its traffic with the next when less than this of its weight is available; with 0, when
 *     nothing is
 * @param returnPercent it takes all of it back from this on; not below {@code spillPercent}
 * @param ownZone the zone that is preferred, or null for none
 * @param zoneMinimumPercent the own zone takes all traffic of a tier while this much of its weight is available, and in
 *     proportion less below; 0 to 100
 * @param panicPercent when less than this is available, health counts no more; 0 for never
 * @param panicReturnPercent from this on it counts again; not below {@code panicPercent}
 * @param panicAction what happens then
 */
public record WeighingSettings(
        int spillPercent,
        int returnPercent,
        @Nullable String ownZone,
        int zoneMinimumPercent,
        int panicPercent,
        int panicReturnPercent,
        PanicAction panicAction) {
    /** Backup endpoints are used when no other is left; no zone; below half of all, all. */
    public static final WeighingSettings DEFAULTS = new WeighingSettings(0, 0, null, 70, 50, 50, PanicAction.USE_ALL);

    /** What happens when too little is available. */
    public enum PanicAction {
        /** All endpoints share the traffic that are not known to be unreachable. */
        USE_ALL,
        /** None gets any, so that what is left is not overrun. */
        REJECT
    }

    public WeighingSettings {
        requireBand("spill", spillPercent, returnPercent);
        requireBand("panic", panicPercent, panicReturnPercent);
        if (zoneMinimumPercent < 0 || zoneMinimumPercent > 100) {
            throw new IllegalArgumentException("zoneMinimumPercent out of range: " + zoneMinimumPercent);
        }
    }

    private static void requireBand(String name, int low, int high) {
        if (low < 0 || high < low || high > 100) {
            throw new IllegalArgumentException(
                    "thresholds out of range: " + name + " below " + low + " %, back from " + high + " %");
        }
    }
}
