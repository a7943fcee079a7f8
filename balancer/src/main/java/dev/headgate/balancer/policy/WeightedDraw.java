package dev.headgate.balancer.policy;

import static dev.headgate.balancer.policy.Mixing.mix;
import static dev.headgate.balancer.policy.Mixing.uniform;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.UpstreamView;
import java.util.Arrays;

/**
 * Draws endpoints of one view by weight, in constant time however many there are (Vose's alias method). Immutable.
 *
 * <p>Every column of the table is as wide as the average weight. What an endpoint has less is filled up by one that has more:
 * a uniform position falls into a column, and there below or above the threshold.
 *
 * <pre>
 *  one column:   63 … 32 threshold | 31 … 16 slot below it | 15 … 0 slot above it
 * </pre>
 */
final class WeightedDraw {
    // After so many draws that hit what is not wanted, the line of weights says exactly who is drawn from the others.
    private static final int DRAWS_MAX = 8;

    private static final int THRESHOLD_BITS = 32;
    private static final int SLOT_BITS = 16;
    private static final long SLOT_MASK = (1L << SLOT_BITS) - 1;

    private final UpstreamView view;
    private final long[] columns;

    WeightedDraw(UpstreamView view) {
        this.view = view;
        this.columns = columns(view, slotsWithWeight(view));
    }

    /** The slots that may be picked, in ascending order. */
    static int[] slotsWithWeight(UpstreamView view) {
        int[] slots = new int[view.slotCount()];
        int count = 0;
        for (int slot = 0; slot < slots.length; slot++) {
            if (view.weight(slot) > 0) {
                slots[count++] = slot;
            }
        }
        return Arrays.copyOf(slots, count);
    }

    private static long[] columns(UpstreamView view, int[] slots) {
        int count = slots.length;
        long width = view.totalWeight(); // of a column, when each weight counts `count` times
        long[] left = new long[count];
        int[] poor = new int[count];
        int[] rich = new int[count];
        int poorCount = 0;
        int richCount = 0;
        for (int i = 0; i < count; i++) {
            left[i] = (long) view.weight(slots[i]) * count;
            if (left[i] < width) {
                poor[poorCount++] = i;
            } else {
                rich[richCount++] = i;
            }
        }
        long[] columns = new long[count];
        while (poorCount > 0) {
            int below = poor[--poorCount];
            int above = rich[richCount - 1]; // there is one: on average they are just wide enough
            columns[below] = column((left[below] << THRESHOLD_BITS) / width, slots[below], slots[above]);
            left[above] -= width - left[below];
            if (left[above] < width) {
                richCount--;
                poor[poorCount++] = above;
            }
        }
        while (richCount > 0) {
            int slot = slots[rich[--richCount]];
            columns[rich[richCount]] = column(0, slot, slot);
        }
        return columns;
    }

    private static long column(long threshold, int below, int above) {
        return threshold << THRESHOLD_BITS | (long) below << SLOT_BITS | above;
    }

    /** How many can be drawn. */
    int count() {
        return columns.length;
    }

    /** One of all; there must be any. */
    private int any(long random) {
        long column = columns[(int) Math.unsignedMultiplyHigh(random, columns.length)];
        long within = random * columns.length >>> THRESHOLD_BITS; // where in the column, evenly
        return (int) ((within < column >>> THRESHOLD_BITS ? column >>> SLOT_BITS : column) & SLOT_MASK);
    }

    /** One outside {@code tried}, or {@link Picker#NONE}. */
    int pick(long random, EndpointSet tried) {
        return pickOther(random, tried, Picker.NONE);
    }

    /** One outside {@code tried} that is not {@code other} either, or {@link Picker#NONE}. */
    int pickOther(long random, EndpointSet tried, int other) {
        if (columns.length == 0) {
            return Picker.NONE;
        }
        long next = random;
        for (int i = 0; i < DRAWS_MAX; i++) {
            int slot = any(next);
            if (slot != other && !tried.contains(slot)) {
                return slot;
            }
            next = mix(next);
        }
        return fromTheLine(next, tried, other);
    }

    private int fromTheLine(long random, EndpointSet tried, int other) {
        int weight = view.untriedWeight(tried);
        if (other != Picker.NONE && !tried.contains(other)) {
            weight -= view.weight(other);
        }
        return weight == 0 ? Picker.NONE : slotAt(tried, other, uniform(random, weight));
    }

    /** The slot at {@code position} of the line of weights from which {@code tried} and {@code other} are cut out. */
    private int slotAt(EndpointSet tried, int other, int position) {
        boolean otherIsDue = other != Picker.NONE && !tried.contains(other);
        int shifted = position;
        for (int i = 0; i < tried.count(); i++) {
            int next = tried.at(i);
            if (otherIsDue && other < next) {
                shifted = jumpOver(other, shifted);
                otherIsDue = false;
            }
            shifted = jumpOver(next, shifted);
        }
        return view.slotAt(otherIsDue ? jumpOver(other, shifted) : shifted);
    }

    // Called in ascending order of slots: then a position at or behind the cut belongs behind it.
    private int jumpOver(int slot, int position) {
        return position < view.weightBefore(slot) ? position : position + view.weight(slot);
    }
}
