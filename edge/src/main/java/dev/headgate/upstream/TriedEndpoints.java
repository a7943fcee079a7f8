package dev.headgate.upstream;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that one exchange has tried. Slots alone would not do: while it waits, one that it has tried may go, and another one
 * come into its slot.
 */
@LoopConfined
@HotPath
public final class TriedEndpoints {
    private final EndpointSet slots = new EndpointSet();
    private final @Nullable EndpointNode[] endpoints =
            new EndpointNode[EndpointSet.ATTEMPTS_MAX]; // in the order of adding
    private int count;

    /** Adds one; adding it twice changes nothing. */
    public void add(EndpointNode endpoint) {
        if (!slots.contains(endpoint.index())) {
            slots.add(endpoint.index());
            endpoints[count++] = endpoint;
        }
    }

    /** Forgets one, which is to be asked once more. */
    public void remove(EndpointNode endpoint) {
        if (slots.contains(endpoint.index())) {
            forgetThoseGoneAnd(endpoint);
        }
    }

    /** The slots of those that are not gone, to be used within this call from the engine. */
    public EndpointSet slots() {
        if (count > 0 && isAnyGone()) {
            forgetThoseGoneAnd(null);
        }
        return slots;
    }

    private boolean isAnyGone() {
        for (int i = 0; i < count; i++) {
            EndpointNode each = endpoints[i];
            if (each != null && each.isGone()) {
                return true;
            }
        }
        return false;
    }

    private void forgetThoseGoneAnd(@Nullable EndpointNode other) {
        int left = 0;
        slots.clear();
        for (int i = 0; i < count; i++) {
            EndpointNode each = endpoints[i];
            if (each != null && each != other && !each.isGone()) {
                endpoints[left++] = each;
                slots.add(each.index());
            }
        }
        Arrays.fill(endpoints, left, count, null);
        count = left;
    }

    public void clear() {
        if (count > 0) {
            slots.clear();
            Arrays.fill(endpoints, 0, count, null);
            count = 0;
        }
    }

    /** Whether an exchange may try no further ones. */
    public boolean isFull() {
        return count == EndpointSet.ATTEMPTS_MAX;
    }
}
