package dev.headgate.balancer;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One upstream as the loops see it until the next view is published: its endpoints, and the weight that each has now.
 *
 * <p>An endpoint's index is the same in every view of its upstream. The weights lie end to end on a line from 0 to
 * {@link #totalWeight()}, in the order of the endpoints, so that a uniform position on it picks an endpoint by weight:
 *
 * <pre>
 *  weights 2, 0, 3, 1:   |0  .  |2  .  .  |3  |      weightBefore: 0, 2, 2, 5; total 6
 * </pre>
 *
 * Immutable.
 */
public final class UpstreamView {
    /** A bound on memory and on the time of a round-robin pick, which looks at every endpoint. */
    public static final int ENDPOINTS_MAX = 16_384;

    private final String name;
    private final Endpoint[] endpoints;
    private final int[] weights;
    private final int[] weightsBefore; // ENDPOINTS_MAX × WEIGHT_MAX < 2^31

    /** Makes a view in which every endpoint has its configured weight. */
    public UpstreamView(String name, List<Endpoint> endpoints) {
        if (endpoints.size() > ENDPOINTS_MAX) {
            throw new IllegalArgumentException("too many endpoints: upstream=" + name + ", endpoints="
                    + endpoints.size() + ", limit=" + ENDPOINTS_MAX);
        }
        this.name = name;
        this.endpoints = endpoints.toArray(new Endpoint[0]);
        this.weights = new int[this.endpoints.length];
        this.weightsBefore = new int[this.endpoints.length + 1];
        Set<String> names = new HashSet<>();
        for (int i = 0; i < weights.length; i++) {
            if (!names.add(this.endpoints[i].name())) {
                throw new IllegalArgumentException(
                        "endpoint listed twice: upstream=" + name + ", endpoint=" + this.endpoints[i].name());
            }
            weights[i] = this.endpoints[i].weight();
            weightsBefore[i + 1] = weightsBefore[i] + weights[i];
        }
    }

    public String name() {
        return name;
    }

    public int endpointCount() {
        return endpoints.length;
    }

    public Endpoint endpoint(int index) {
        return endpoints[index];
    }

    /** The weight that the endpoint has in this view. */
    public int weight(int index) {
        return weights[index];
    }

    /** The weights of all endpoints before {@code index}, added up. */
    public int weightBefore(int index) {
        return weightsBefore[index];
    }

    public int totalWeight() {
        return weightsBefore[weights.length];
    }

    /** The weights of all endpoints outside {@code tried}, added up: 0 when none of them may be picked any more. */
    public int untriedWeight(EndpointSet tried) {
        int weight = totalWeight();
        for (int i = 0; i < tried.count(); i++) {
            weight -= weights[tried.at(i)];
        }
        return weight;
    }

    /**
     * The endpoint whose stretch of the line covers {@code position}; never one of weight 0.
     *
     * @param position from 0 to {@link #totalWeight()} − 1
     */
    public int endpointAt(int position) {
        assert position >= 0 && position < totalWeight();
        int low = 0; // the last endpoint that begins at or before the position is in low … high
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
