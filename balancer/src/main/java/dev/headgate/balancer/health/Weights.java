package dev.headgate.balancer.health;

import dev.headgate.balancer.Spares;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;

/**
 * What {@link Weighing} has decided for an upstream: who is picked, and how often. Immutable.
 */
public final class Weights {
    /** How an upstream fares as a whole. */
    public enum State {
        /** The first tier serves, or the own zone does, as configured. */
        NORMAL("normal"),
        /** Others than the preferred ones help out. */
        SPILLING("spilling"),
        /** Too little is available. */
        PANIC("panic"),
        /** Nobody may be picked, and that is not because of panic. */
        NONE("none");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** Stable, for logs and metrics. */
        public String text() {
            return text;
        }
    }

    /** Why it is not as usual; there may be several reasons. */
    public enum Reason {
        /** Too little of a tier is available. */
        TIER("tier"),
        /** Too little of the own zone is available. */
        ZONE("zone"),
        /** A tier or zone has only endpoints that are not at their full share yet, and others take the rest. */
        RAMP("ramp"),
        /** Panic: health does not count. */
        HEALTH_IGNORED("health_ignored"),
        /** Panic: no endpoint can be connected to; all are tried. */
        ALL_UNREACHABLE("all_unreachable"),
        /** Panic: traffic is rejected. */
        REJECTED("rejected"),
        /** All endpoints are drained, or have weight 0, or there are none. */
        ALL_DRAINED("all_drained"),
        /** No endpoint may be used. */
        NONE_AVAILABLE("none_available");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /** Stable, for logs and metrics. */
        public String text() {
            return text;
        }
    }

    private final int[] weights; // by slot
    private final BitSet stickyUsable; // by slot
    private final Spares spares;
    private final State state;
    private final Set<Reason> reasons;
    private final int availablePercent;

    Weights(int[] weights, BitSet stickyUsable, Spares spares, State state, Set<Reason> reasons, int availablePercent) {
        this.weights = weights;
        this.stickyUsable = stickyUsable;
        this.spares = spares;
        this.state = state;
        this.reasons = Set.copyOf(reasons);
        this.availablePercent = availablePercent;
    }

    /** The number of slots. */
    public int slotCount() {
        return weights.length;
    }

    /** The effective weight of a slot: 0 when it must not be picked. */
    public int weight(int slot) {
        return weights[slot];
    }

    /** Whether clients that have been with the endpoint may stay with it. */
    public boolean isUsableBySticky(int slot) {
        return stickyUsable.get(slot);
    }

    /** Those that are up and get nothing as long as others are preferred. */
    public Spares spares() {
        return spares;
    }

    public State state() {
        return state;
    }

    public Set<Reason> reasons() {
        return reasons;
    }

    /** How much of the weight is available, all tiers taken together and each counted as one; at most 100. */
    public int availablePercent() {
        return availablePercent;
    }

    /** Whether the loops would notice no difference. */
    public boolean hasSameEffectAs(Weights other) {
        return Arrays.equals(weights, other.weights)
                && stickyUsable.equals(other.stickyUsable)
                && spares.equals(other.spares);
    }
}
