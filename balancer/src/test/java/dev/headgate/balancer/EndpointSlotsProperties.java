package dev.headgate.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.EndpointSlots.Change;
import dev.headgate.balancer.EndpointSlots.Place;
import dev.headgate.balancer.EndpointSlots.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Random lists, ends and releases, held against a plain map of who sits where. */
class EndpointSlotsProperties {
    private static final int IDENTITIES = 12;
    private static final int STEPS = 60;

    private record Seat(String identity, State state) {}

    @Property(tries = 500)
    void seatsAreKeptAndNeverTakenTwice(@ForAll long seed, @ForAll @IntRange(min = 1, max = 16) int slotsMax) {
        Random random = new Random(seed);
        EndpointSlots slots = new EndpointSlots(slotsMax);
        Map<Integer, Seat> model = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            List<Integer> leaving = seatsIn(model, State.LEAVING);
            List<Integer> ending = seatsIn(model, State.ENDING);
            int choice = random.nextInt(4);
            if (choice == 0 && !leaving.isEmpty()) {
                int slot = leaving.get(random.nextInt(leaving.size()));
                slots.end(slot);
                model.put(slot, new Seat(seat(model, slot).identity, State.ENDING));
            } else if (choice == 1 && !ending.isEmpty()) {
                int slot = ending.get(random.nextInt(ending.size()));
                slots.free(slot);
                model.remove(slot);
            } else {
                List<String> wanted = someOf(random);
                apply(model, slots.update(wanted), wanted, slotsMax);
            }
            checkSame(model, slots);
        }
    }

    private static void apply(Map<Integer, Seat> model, Change change, List<String> wanted, int slotsMax) {
        for (Place place : change.left()) {
            assertEquals(new Seat(place.identity(), State.PRESENT), model.get(place.slot()));
            assertFalse(wanted.contains(place.identity()));
            model.put(place.slot(), new Seat(place.identity(), State.LEAVING));
        }
        for (Place place : change.returned()) {
            assertEquals(new Seat(place.identity(), State.LEAVING), model.get(place.slot()));
            model.put(place.slot(), new Seat(place.identity(), State.PRESENT));
        }
        for (Place place : change.added()) {
            assertNull(model.get(place.slot()), "a slot that is in use is never given away");
            assertTrue(place.slot() < slotsMax);
            model.put(place.slot(), new Seat(place.identity(), State.PRESENT));
        }
        Set<String> present = new HashSet<>();
        for (Seat seat : model.values()) {
            boolean isCurrent = seat.state == State.PRESENT || seat.state == State.LEAVING;
            assertTrue(!isCurrent || present.add(seat.identity), "an identity is current once only");
        }
        present.clear();
        seatsIn(model, State.PRESENT).forEach(slot -> present.add(seat(model, slot).identity));
        Set<String> expected = new HashSet<>(wanted);
        change.leftOut().forEach(expected::remove);
        assertEquals(expected, present);
        assertTrue(change.leftOut().isEmpty() || model.size() == slotsMax, "left out while there was room");
    }

    private static void checkSame(Map<Integer, Seat> model, EndpointSlots slots) {
        int highest = -1;
        for (int slot = 0; slot < 20; slot++) {
            Seat seat = model.get(slot);
            assertEquals(seat == null ? State.FREE : seat.state, slots.state(slot));
            highest = seat == null ? highest : slot;
        }
        assertEquals(highest + 1, slots.slotCount());
    }

    private static Seat seat(Map<Integer, Seat> model, int slot) {
        Seat seat = model.get(slot);
        assertNotNull(seat);
        return seat;
    }

    private static List<Integer> seatsIn(Map<Integer, Seat> model, State state) {
        return model.entrySet().stream()
                .filter(each -> each.getValue().state == state)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static List<String> someOf(Random random) {
        List<String> some = new ArrayList<>();
        for (int i = 0; i < IDENTITIES; i++) {
            if (random.nextBoolean()) {
                some.add(random.nextInt(some.size() + 1), "e" + i);
            }
        }
        return some;
    }
}
