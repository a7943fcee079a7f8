package dev.headgate.balancer.health;

import org.jspecify.annotations.Nullable;

/**
 * All that is known of one endpoint and counts for its weight.
 *
 * @param slot its number in the upstream
 * @param configuredWeight 0 to {@link #WEIGHT_MAX}
 * @param weightOverride the weight that was set at run time, or {@link #NO_OVERRIDE}
 * @param isDraining whether it is to get no new clients; so it is, too, with a weight of 0
 * @param standing whether it may be used
 * @param reach whether connections to it can be made
 * @param rampShare its share of its weight, from 1 to {@link SlowStart#FULL}
 * @param tier 0 for primary endpoints, higher numbers for those that stand in for the lower ones
 * @param zone where it is, or null
 */
public record EndpointCondition(
        int slot,
        int configuredWeight,
        int weightOverride,
        boolean isDraining,
        Standing standing,
        Reach reach,
        int rampShare,
        int tier,
        @Nullable String zone) {
    /** The highest configured weight. */
    public static final int WEIGHT_MAX = 256;

    /** Stands for no weight set at run time. */
    public static final int NO_OVERRIDE = -1;

    /** Whether connections can be made, as far as is known. */
    public enum Reach {
        REACHABLE,
        /** The last ones failed, those of checks or those of traffic: the endpoint is no capacity at all. */
        UNREACHABLE
    }

    public EndpointCondition {
        if (slot < 0 || tier < 0) {
            throw new IllegalArgumentException("negative: slot=" + slot + ", tier=" + tier);
        }
        if (configuredWeight < 0 || configuredWeight > WEIGHT_MAX) {
            throw new IllegalArgumentException("weight out of range: " + configuredWeight);
        }
        if (weightOverride < NO_OVERRIDE || weightOverride > WEIGHT_MAX) {
            throw new IllegalArgumentException("run-time weight out of range: " + weightOverride);
        }
        if (rampShare < 1 || rampShare > SlowStart.FULL) {
            throw new IllegalArgumentException("share out of range: " + rampShare);
        }
    }

    /** A primary endpoint without a zone that is up and warm. */
    public static EndpointCondition up(int slot, int weight) {
        return new EndpointCondition(
                slot, weight, NO_OVERRIDE, false, Standing.UP, Reach.REACHABLE, SlowStart.FULL, 0, null);
    }

    /** The weight in force, drain included: what was set at run time, else what is configured. */
    public int weight() {
        return isDraining ? 0 : weightOverride == NO_OVERRIDE ? configuredWeight : weightOverride;
    }

    /** The state in one word. What takes an endpoint out counts before drain, and that before the ramp. */
    public EndpointState state() {
        return switch (standing) {
            case UNKNOWN -> EndpointState.UNKNOWN;
            case DOWN -> EndpointState.DOWN;
            case EJECTED -> EndpointState.EJECTED;
            case UP ->
                weight() == 0
                        ? EndpointState.DRAINING
                        : rampShare < SlowStart.FULL ? EndpointState.STARTING : EndpointState.UP;
        };
    }

    public EndpointCondition withOverride(int weight) {
        return new EndpointCondition(
                slot, configuredWeight, weight, isDraining, standing, reach, rampShare, tier, zone);
    }

    public EndpointCondition drained() {
        return new EndpointCondition(
                slot, configuredWeight, weightOverride, true, standing, reach, rampShare, tier, zone);
    }

    public EndpointCondition with(Standing newStanding) {
        return new EndpointCondition(
                slot, configuredWeight, weightOverride, isDraining, newStanding, reach, rampShare, tier, zone);
    }

    public EndpointCondition with(Reach newReach) {
        return new EndpointCondition(
                slot, configuredWeight, weightOverride, isDraining, standing, newReach, rampShare, tier, zone);
    }

    public EndpointCondition withRampShare(int newShare) {
        return new EndpointCondition(
                slot, configuredWeight, weightOverride, isDraining, standing, reach, newShare, tier, zone);
    }

    public EndpointCondition inTier(int newTier) {
        return new EndpointCondition(
                slot, configuredWeight, weightOverride, isDraining, standing, reach, rampShare, newTier, zone);
    }

    public EndpointCondition inZone(@Nullable String newZone) {
        return new EndpointCondition(
                slot, configuredWeight, weightOverride, isDraining, standing, reach, rampShare, tier, newZone);
    }
}
