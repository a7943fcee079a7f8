package dev.headgate.balancer;

/**
 * How an upstream's endpoints are chosen. Whoever publishes a view asks for a {@link Picker} over it, and publishes both.
 *
 * <p>One instance serves one upstream, or one subset of it, over all its views: what a policy remembers (where a loop is in its
 * turn) goes on from view to view, and must not be mixed up with that of another set of endpoints.
 */
public interface Policy {
    /**
     * A picker over {@code view}. It may take milliseconds and allocate; one thread calls it at a time. Pickers of earlier views
     * stay usable, for loops may be in them still.
     */
    Picker pickerFor(UpstreamView view);
}
