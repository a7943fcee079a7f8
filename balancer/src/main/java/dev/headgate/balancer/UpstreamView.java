package dev.headgate.balancer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One upstream as the loops see it until the next view is published: its endpoints by slot, and the weight that each has now.
 *
 * <p>An endpoint keeps its slot for its whole life, in every view of its upstream. A slot may be empty, and is used again only
 * when its endpoint is gone for good.
 *
 * <p>The <em>effective weight</em> of a slot already has everything in it: what is configured, whether the endpoint may be
 * used at all, how far it has started, its tier and its zone. 0 means that it is not to be picked now. Only ratios between
 * effective weights count; a configured weight of 1 at its full share is {@link #WEIGHT_UNIT}, so that shares can be as small as
 * the 256th part of that.
 *
 * <p>The weights lie end to end on a line from 0 to {@link #totalWeight()}, in the order of the slots, so that a uniform
 * position on it picks an endpoint by weight:
 *
 * <pre>
 *  weights 2, 0, 3, 1:   |0  .  |2  .  .  |3  |      weightBefore: 0, 2, 2, 5; total 6
 * </pre>
 *
 * Immutable.
 */
public final class UpstreamView {
    /** A bound on memory, and on what a picker costs to make. */
    public static final int ENDPOINTS_MAX = 16_384;

    /** The effective weight of an endpoint with the configured weight 1 and its full share. */
    public static final int WEIGHT_UNIT = 256;

    /** The greatest effective weight. The total of all still fits an {@code int}. */
    public static final int WEIGHT_MAX = Endpoint.WEIGHT_MAX * WEIGHT_UNIT;

    private final String name;
    private final @Nullable Endpoint[] endpoints;
    private final int[] weights;
    private final int[] weightsBefore; // ENDPOINTS_MAX × WEIGHT_MAX = 2^30
    private final Sticky[] stickies;
    private final List<EndpointStats> alsoCounted;
    private final Spares spares;

    /** Whether a client that sticks to an endpoint may go on with it. */
    public enum Sticky {
        /** The endpoint answers, though it may not be given new clients. */
        MAY_STAY,
        /** The endpoint is down, ejected, gone or not of this subset. */
        MUST_LEAVE
    }

    /** A view in which every endpoint has its configured weight in full, and the slot that is its place in the list. */
    public UpstreamView(String name, List<Endpoint> endpoints) {
        this(withConfiguredWeights(name, endpoints));
    }

    private static Builder withConfiguredWeights(String name, List<Endpoint> endpoints) {
        Builder builder = builder(name, endpoints.size());
        for (int slot = 0; slot < endpoints.size(); slot++) {
            Endpoint endpoint = endpoints.get(slot);
            builder.put(slot, endpoint, endpoint.weight() * WEIGHT_UNIT, Sticky.MAY_STAY);
        }
        return builder;
    }

    private UpstreamView(Builder builder) {
        this(
                builder.name,
                builder.endpoints.clone(),
                builder.weights.clone(),
                builder.stickies.clone(),
                List.copyOf(builder.alsoCounted),
                builder.spares);
    }

    private UpstreamView(
            String name,
            @Nullable Endpoint[] endpoints,
            int[] weights,
            Sticky[] stickies,
            List<EndpointStats> alsoCounted,
            Spares spares) {
        this.name = name;
        this.endpoints = endpoints;
        this.weights = weights;
        this.stickies = stickies;
        this.alsoCounted = alsoCounted;
        this.spares = spares.of(this);
        this.weightsBefore = new int[weights.length + 1];
        for (int slot = 0; slot < weights.length; slot++) {
            weightsBefore[slot + 1] = weightsBefore[slot] + weights[slot];
        }
    }

    /** Begins a view with {@code slotCount} slots, all of them empty. */
    public static Builder builder(String name, int slotCount) {
        return new Builder(name, slotCount);
    }

    /** Gathers what a view is to hold. Used by one thread. */
    public static final class Builder {
        private final String name;
        private final @Nullable Endpoint[] endpoints;
        private final int[] weights;
        private final Sticky[] stickies;
        private final Set<String> names = new HashSet<>();
        private final List<EndpointStats> alsoCounted = new ArrayList<>();
        private Spares spares = Spares.NONE;

        private Builder(String name, int slotCount) {
            if (slotCount > ENDPOINTS_MAX) {
                throw new IllegalArgumentException("too many endpoints: upstream=" + name + ", endpoints=" + slotCount
                        + ", limit=" + ENDPOINTS_MAX);
            }
            this.name = name;
            this.endpoints = new Endpoint[slotCount];
            this.weights = new int[slotCount];
            this.stickies = new Sticky[slotCount];
            Arrays.fill(stickies, Sticky.MUST_LEAVE);
        }

        /**
         * Puts {@code endpoint} into a slot that is empty still.
         *
         * @param weight its effective weight, from 0 to {@link #WEIGHT_MAX}
         */
        public Builder put(int slot, Endpoint endpoint, int weight, Sticky sticky) {
            if (weight < 0 || weight > WEIGHT_MAX) {
                throw new IllegalArgumentException("effective weight out of range: upstream=" + name + ", endpoint="
                        + endpoint.name() + ", weight=" + weight + ", limit=" + WEIGHT_MAX);
            }
            if (endpoints[slot] != null) {
                throw new IllegalArgumentException("slot taken: upstream=" + name + ", slot=" + slot);
            }
            if (!names.add(endpoint.name())) {
                throw new IllegalArgumentException(
                        "endpoint listed twice: upstream=" + name + ", endpoint=" + endpoint.name());
            }
            endpoints[slot] = endpoint;
            weights[slot] = weight;
            stickies[slot] = sticky;
            return this;
        }

        /** Adds an endpoint that is in no slot any more, and whose attempts under way its upstream counts still. */
        public Builder alsoCounted(EndpointStats leaving) {
            alsoCounted.add(leaving);
            return this;
        }

        /** Those without weight that serve nevertheless when all that have weight have been tried. Clients must be able to stay with each. */
        public Builder spares(Spares wanted) {
            spares = wanted;
            return this;
        }

        public UpstreamView build() {
            return new UpstreamView(this);
        }
    }

    /**
     * The same upstream seen by those who want endpoints with these labels alone: slots stay what they are, and whatever does
     * not match has weight 0.
     */
    public UpstreamView narrowedTo(Map<String, String> selector) {
        if (selector.isEmpty()) {
            return this;
        }
        int[] narrowed = weights.clone();
        Sticky[] stay = stickies.clone();
        for (int slot = 0; slot < narrowed.length; slot++) {
            Endpoint endpoint = endpoints[slot];
            if (endpoint == null || !endpoint.matches(selector)) {
                narrowed[slot] = 0;
                stay[slot] = Sticky.MUST_LEAVE;
            }
        }
        return new UpstreamView(name, endpoints, narrowed, stay, alsoCounted, spares);
    }

    public String name() {
        return name;
    }

    /** Slots, empty ones included. */
    public int slotCount() {
        return endpoints.length;
    }

    /** The endpoint in a slot, or null when that is empty. */
    public @Nullable Endpoint endpointOrNull(int slot) {
        return endpoints[slot];
    }

    /** The endpoint in a slot that is not empty; none that has weight is. */
    public Endpoint endpoint(int slot) {
        Endpoint endpoint = endpoints[slot];
        if (endpoint == null) {
            throw new IllegalArgumentException("empty slot: upstream=" + name + ", slot=" + slot);
        }
        return endpoint;
    }

    /** Endpoints outside the view that are part of {@link EndpointStats#upstream}: those that have left, and end what they have. */
    public List<EndpointStats> alsoCounted() {
        return alsoCounted;
    }

    /** The effective weight; 0 for slots that this view does not have. */
    public int weight(int slot) {
        return slot < weights.length ? weights[slot] : 0;
    }

    /** Where to go on when all that have weight have been tried. */
    public Spares spares() {
        return spares;
    }

    /** Whether a client that sticks to the endpoint in this slot may still be sent there, whatever its weight. */
    public boolean isUsableBySticky(int slot) {
        return slot < stickies.length && stickies[slot] == Sticky.MAY_STAY;
    }

    /** The weights of all slots before {@code slot}, added up. */
    public int weightBefore(int slot) {
        return weightsBefore[Math.min(slot, weights.length)];
    }

    public int totalWeight() {
        return weightsBefore[weights.length];
    }

    /** The weights of all endpoints outside {@code tried}, added up: 0 when none of them may be picked any more. */
    public int untriedWeight(EndpointSet tried) {
        int weight = totalWeight();
        for (int i = 0; i < tried.count(); i++) {
            weight -= weight(tried.at(i));
        }
        return weight;
    }

    /**
     * The slot whose stretch of the line covers {@code position}; never one of weight 0.
     *
     * @param position from 0 to {@link #totalWeight()} − 1
     */
    public int slotAt(int position) {
        assert position >= 0 && position < totalWeight();
        int low = 0; // the last slot that begins at or before the position is in low … high
        int high = weights.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (weightsBefore[middle] <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
