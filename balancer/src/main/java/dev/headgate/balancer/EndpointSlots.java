package dev.headgate.balancer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint of an upstream has which slot, while the list of endpoints changes.
 * <pre>
 *           is in a list                  is in the list no more
 *  FREE ──────────────────▶ PRESENT ──────────────────────────────▶ LEAVING
 *   ▲                          ▲                                     │   │
 *   │                          └────────── is in a list again ───────┘   │ end
 *   └──────────────── free ──────────────── ENDING ◀─────────────────────┘
 * </pre>
 * An endpoint that comes back while it is leaving has its slot still, and all that is kept by it. One that is ending is as good as
 * gone: if it comes back, it is a new one in another slot, so that an identity may be in use twice for a while, but only once as one
 * that is present or leaving.
 *
 * <p>New endpoints get the lowest free slots. When there is none, they are left out until one is free.
 *
 * <p>Owned by one thread.
 */
public final class EndpointSlots {
    /** What a slot is used for. */
    public enum State {
        FREE,
        PRESENT,
        LEAVING,
        ENDING
    }

    /** An endpoint and where it is. */
    public record Place(int slot, String identity) {}

    /**
     * What another list has changed.
     *
     * @param added new endpoints
     * @param returned those that were leaving, and stay
     * @param left those that are leaving now
     * @param leftOut identities for which there is no slot
     */
    public record Change(List<Place> added, List<Place> returned, List<Place> left, List<String> leftOut) {
        /** Whether all is as it was before, but for those that are still left out. */
        public boolean isNone() {
            return added.isEmpty() && returned.isEmpty() && left.isEmpty();
        }
    }

    private record Entry(String identity, State state) {}

    private final int slotsMax;
    private final List<@Nullable Entry> entries = new ArrayList<>(); // by slot; the last one is not free
    private final BitSet taken = new BitSet();
    private final Map<String, Integer> slots = new HashMap<>(); // of those that are present or leaving

    /** @param slotsMax how many endpoints there may be, those that leave and end included */
    public EndpointSlots(int slotsMax) {
        this.slotsMax = slotsMax;
    }

    /**
     * Goes over to another list.
     *
     * @param wanted the identities of all endpoints that are to be present, each once
     */
    public Change update(List<String> wanted) {
        Set<String> wantedSet = new HashSet<>(wanted);
        List<Place> left = new ArrayList<>();
        for (int slot = 0; slot < entries.size(); slot++) {
            Entry entry = entries.get(slot);
            if (entry != null && entry.state == State.PRESENT && !wantedSet.contains(entry.identity)) {
                entries.set(slot, new Entry(entry.identity, State.LEAVING));
                left.add(new Place(slot, entry.identity));
            }
        }
        List<Place> added = new ArrayList<>();
        List<Place> returned = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (String identity : wanted) {
            Integer known = slots.get(identity);
            if (known == null) {
                int slot = take(identity);
                if (slot < 0) {
                    leftOut.add(identity);
                } else {
                    added.add(new Place(slot, identity));
                }
            } else if (state(known) == State.LEAVING) {
                entries.set(known, new Entry(identity, State.PRESENT));
                returned.add(new Place(known, identity));
            }
        }
        return new Change(List.copyOf(added), List.copyOf(returned), List.copyOf(left), List.copyOf(leftOut));
    }

    private int take(String identity) {
        int slot = taken.nextClearBit(0);
        if (slot >= slotsMax) {
            return -1;
        }
        while (entries.size() <= slot) {
            entries.add(null);
        }
        entries.set(slot, new Entry(identity, State.PRESENT));
        taken.set(slot);
        slots.put(identity, slot);
        return slot;
    }

    /** An endpoint that is leaving does not come back into this slot any more. */
    public void end(int slot) {
        Entry entry = expect(slot, State.LEAVING);
        entries.set(slot, new Entry(entry.identity, State.ENDING));
        slots.remove(entry.identity);
    }

    /** Nothing of an ending endpoint goes on any more: its slot is for others. */
    public void free(int slot) {
        expect(slot, State.ENDING);
        entries.set(slot, null);
        taken.clear(slot);
        while (!entries.isEmpty() && entries.getLast() == null) {
            entries.removeLast();
        }
    }

    private Entry expect(int slot, State state) {
        Entry entry = slot < entries.size() ? entries.get(slot) : null;
        if (entry == null || entry.state != state) {
            throw new IllegalStateException("not " + state + ": slot=" + slot + ", state=" + state(slot));
        }
        return entry;
    }

    public State state(int slot) {
        Entry entry = slot < entries.size() ? entries.get(slot) : null;
        return entry == null ? State.FREE : entry.state;
    }

    /** All slots from 0 to this − 1 cover those that are not free. */
    public int slotCount() {
        return entries.size();
    }
}
