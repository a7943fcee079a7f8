package dev.headgate.balancer.policy;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.Picker;
import dev.headgate.balancer.Policy;
import dev.headgate.balancer.UpstreamView;

/**
 * The same key to the same endpoint, by a table of keys that endpoints share out by weight (Maglev hashing). When
 * endpoints come, go or change their weight, hardly more keys move than have to. Where a key goes depends on the endpoints' names and
 * weights alone: it is the same in every process, and after a restart.
 *
 * <p>The table has 16,381 entries for up to 64 endpoints, 131,071 for up to 1,024 and 1,048,573 above, whether they have
 * weight at the time or not. Growing past such a bound moves most keys, once.
 *
 * <p>A key whose endpoint is tried, or above the load bound, goes to the next one in an order of its own, so that what an
 * overloaded endpoint cannot take is spread over all others. Remembers nothing.
 */
public final class Maglev implements Policy {
    private final int loadPercent;

    /**
     * @param loadPercent how much an endpoint may have in flight, in percent of its share by weight, from 100 to 10,000; 0 sets no
     *     bound
     */
    public Maglev(int loadPercent) {
        this.loadPercent = LoadBound.checked(loadPercent);
    }

    @Override
    public Picker pickerFor(UpstreamView view) {
        MaglevTable table = new MaglevTable(view);
        return new Choice(table.entries(), table.slots(), new LoadBound(view, loadPercent));
    }

    private static final class Choice implements Picker {
        private static final int HASHES_MAX = 16; // then those that are left are gone through one by one

        private final char[] table;
        private final int[] slots;
        private final LoadBound bound;

        Choice(char[] table, int[] slots, LoadBound bound) {
            this.table = table;
            this.slots = slots;
            this.bound = bound;
        }

        @Override
        public int pick(int loopIndex, long random, long key, EndpointSet tried) {
            if (slots.length == 0) {
                return NONE;
            }
            long hash = Mixing.mix(key);
            int first = table[Mixing.uniform(hash, table.length)];
            return !tried.contains(first) && bound.surelyAdmits(first) ? first : nextInOrder(hash, tried);
        }

        private int nextInOrder(long firstHash, EndpointSet tried) {
            long allowance = bound.allowance();
            long hash = firstHash;
            int untried = NONE;
            for (int i = 0; i < HASHES_MAX; i++) {
                int slot = table[Mixing.uniform(hash, table.length)];
                if (!tried.contains(slot)) {
                    if (bound.admits(slot, allowance)) {
                        return slot;
                    }
                    untried = untried == NONE ? slot : untried;
                }
                hash = Mixing.mix(hash);
            }
            return nextInLine(Mixing.uniform(hash, slots.length), tried, untried, allowance);
        }

        /** When none of those that are left is below the bound (some that are tried may be), the key's first one has to do. */
        private int nextInLine(int from, EndpointSet tried, int firstUntried, long allowance) {
            int untried = firstUntried;
            for (int i = 0; i < slots.length; i++) {
                int slot = slots[from + i < slots.length ? from + i : from + i - slots.length];
                if (!tried.contains(slot)) {
                    if (bound.admits(slot, allowance)) {
                        return slot;
                    }
                    untried = untried == NONE ? slot : untried;
                }
            }
            return untried;
        }
    }
}
