package dev.headgate.balancer;

import java.util.Arrays;

/**
 * Endpoints that are well and get nothing as long as others are preferred to them: those of later tiers, or of other zones. Who has tried all that are
 * preferred, in vain, goes on with these before giving up. Immutable.
 */
public final class Spares {
    public static final Spares NONE = new Spares(new int[0], new int[0]);

    private final int[] slots;
    private final int[] tiers; // beside the slots, ascending

    /**
     * @param slots in the order in which they are asked
     * @param tiers beside the slots, ascending: within one, chance decides
     */
    public Spares(int[] slots, int[] tiers) {
        if (slots.length != tiers.length) {
            throw new IllegalArgumentException("slots and tiers differ: " + slots.length + ", " + tiers.length);
        }
        this.slots = slots.clone();
        this.tiers = tiers.clone();
    }

    /** One of the first tier that has any outside {@code tried}, or {@link Picker#NONE}. */
    public int pick(long random, EndpointSet tried) {
        int first = firstUntried(0, tried);
        if (first == slots.length) {
            return Picker.NONE;
        }
        int count = 0;
        for (int i = first; i < slots.length && tiers[i] == tiers[first]; i = firstUntried(i + 1, tried)) {
            count++;
        }
        int at = first;
        for (int skipped = (int) Math.unsignedMultiplyHigh(random, count); skipped > 0; skipped--) {
            at = firstUntried(at + 1, tried);
        }
        return slots[at];
    }

    private int firstUntried(int from, EndpointSet tried) {
        int at = from;
        while (at < slots.length && tried.contains(slots[at])) {
            at++;
        }
        return at;
    }

    /** Those of them that {@code view} has any use for. */
    Spares of(UpstreamView view) {
        int[] keptSlots = new int[slots.length];
        int[] keptTiers = new int[slots.length];
        int count = 0;
        for (int i = 0; i < slots.length; i++) {
            if (view.isUsableBySticky(slots[i])) {
                keptSlots[count] = slots[i];
                keptTiers[count++] = tiers[i];
            }
        }
        return new Spares(Arrays.copyOf(keptSlots, count), Arrays.copyOf(keptTiers, count));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Spares that && Arrays.equals(slots, that.slots) && Arrays.equals(tiers, that.tiers);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(slots) + Arrays.hashCode(tiers);
    }

    @Override
    public String toString() {
        return Arrays.toString(slots) + " of tiers " + Arrays.toString(tiers);
    }
}
