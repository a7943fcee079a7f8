package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.Optional;

/**
 * How an upstream's traffic is spread beyond the weights of its endpoints: over those that stand in, over zones, and when little is left.
 *
 * @param slowStart how the share of a new or recovered endpoint grows
 * @param backup when endpoints that stand in get traffic
 * @param zone the zone that is preferred; empty: none
 * @param panic what happens when little is available
 */
@Immutable
public record SpreadConfig(SlowStart slowStart, Backup backup, Optional<Zone> zone, Panic panic) {
    /**
     * How the share of a new or recovered endpoint grows.
     *
     * @param windowNs until it has its full share; default 0: at once
     * @param minimumPercent its share at the beginning; default 10
     * @param aggression 1 grows evenly, more grows faster at first, less slower; 0.1 to 10; default 1
     */
    public record SlowStart(long windowNs, int minimumPercent, double aggression) {}

    /**
     * When endpoints that stand in get traffic.
     *
     * @param belowPercent when less than this of the others' weight is available; default 0: when nothing is
     * @param returnPercent they get none any more from this on; default as {@code belowPercent}
     */
    public record Backup(int belowPercent, int returnPercent) {}

    /**
     * The zone that is preferred.
     *
     * @param name as its endpoints have it
     * @param minimumPercent it takes all traffic while this much of its weight is available, and in proportion less below; default 70
     */
    public record Zone(String name, int minimumPercent) {}

    /**
     * What happens when little is available.
     *
     * @param belowPercent less than this of the weight; default 50; 0: never
     * @param returnPercent it is over from this on; default as {@code belowPercent}
     * @param action default {@link PanicAction#USE_ALL}
     */
    public record Panic(int belowPercent, int returnPercent, PanicAction action) {}

    /** What happens then. */
    public enum PanicAction {
        /** All endpoints share the traffic that are not known to be unreachable, so that the few that are left are not overrun. */
        USE_ALL,
        /** Requests get 503 with Retry-After. */
        REJECT
    }
}
