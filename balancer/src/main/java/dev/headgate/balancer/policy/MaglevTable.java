package dev.headgate.balancer.policy;

import dev.headgate.balancer.UpstreamView;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Shares out the entries of a table among endpoints. Each goes through the entries in an order of its own, which follows from its
 * name, and takes the next free one whenever it has a turn; turns come by weight. Every endpoint with weight has one entry at
 * least.
 *
 * <p>Endpoints that are due at the same time go by the hash of their name: by their slot, the same upstream would get
 * another table in another process.
 */
final class MaglevTable {
    // Primes, so that every step goes through the whole table; 64 entries per endpoint or more, up to the most there
    // can be.
    private static final int[] SIZES = {16_381, 131_071, 1_048_573};
    private static final int[] ENDPOINTS_MAX = {64, 1_024, UpstreamView.ENDPOINTS_MAX};

    private static final char FREE = Character.MAX_VALUE; // above every slot

    private final int[] slots; // by hash of the name: ids are places in it
    private final char[] entries;

    MaglevTable(UpstreamView view) {
        this.slots = slotsByName(view);
        this.entries = new char[slots.length == 0 ? 0 : sizeFor(view)];
        Arrays.fill(entries, FREE);
        if (slots.length > 0) {
            fill(view);
        }
    }

    /** The slots with weight, in the order of their names' hashes. */
    static int[] slotsByName(UpstreamView view) {
        return Arrays.stream(WeightedDraw.slotsWithWeight(view))
                .boxed()
                .sorted(Comparator.comparingLong(slot -> hash(view, slot)))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static long hash(UpstreamView view, int slot) {
        return Mixing.ofName(view.endpoint(slot).name());
    }

    private static int sizeFor(UpstreamView view) {
        int count = 0;
        for (int slot = 0; slot < view.slotCount(); slot++) {
            count += view.endpointOrNull(slot) == null ? 0 : 1;
        }
        int size = 0;
        while (count > ENDPOINTS_MAX[size]) {
            size++;
        }
        return SIZES[size];
    }

    private void fill(UpstreamView view) {
        int[] positions = new int[slots.length];
        int[] steps = new int[slots.length];
        int[] taken = new int[slots.length];
        TurnHeap turns = new TurnHeap(slots.length);
        for (int id = 0; id < slots.length; id++) {
            long hash = hash(view, slots[id]);
            positions[id] = Mixing.uniform(hash, entries.length);
            steps[id] = 1 + Mixing.uniform(Mixing.mix(hash), entries.length - 1);
            turns.add(id, 0);
        }
        for (int filled = 0; filled < entries.length; filled++) {
            int id = turns.firstId();
            int position = positions[id];
            while (entries[position] != FREE) {
                position = next(position, steps[id]);
            }
            entries[position] = (char) slots[id];
            positions[id] = next(position, steps[id]);
            taken[id]++;
            turns.postponeFirst((taken[id] + 0.5) / view.weight(slots[id]));
        }
    }

    private int next(int position, int step) {
        int next = position + step;
        return next < entries.length ? next : next - entries.length;
    }

    /** The slot for each entry; empty when nothing has weight. */
    char[] entries() {
        return entries;
    }

    int[] slots() {
        return slots;
    }
}
