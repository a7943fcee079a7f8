package dev.headgate.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.EndpointSlots.Change;
import dev.headgate.balancer.EndpointSlots.Place;
import dev.headgate.balancer.EndpointSlots.State;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointSlotsTest {
    private final EndpointSlots slots = new EndpointSlots(4);

    @Test
    void endpointsGetTheLowestFreeSlotsInTheOrderOfTheList() {
        Change change = slots.update(List.of("b", "a"));
        assertEquals(List.of(new Place(0, "b"), new Place(1, "a")), change.added());
        assertEquals(2, slots.slotCount());
    }

    @Test
    void whoStaysKeepsItsSlotWhateverTheOrder() {
        slots.update(List.of("a", "b", "c"));
        Change change = slots.update(List.of("c", "b", "a"));
        assertTrue(change.isNone());
    }

    @Test
    void whoComesBackInTimeHasItsSlotStill() {
        slots.update(List.of("a", "b"));
        assertEquals(List.of(new Place(0, "a")), slots.update(List.of("b", "c")).left());
        assertEquals(State.LEAVING, slots.state(0));
        Change change = slots.update(List.of("a", "b"));
        assertEquals(List.of(new Place(0, "a")), change.returned());
        assertEquals(List.of(), change.added());
        assertEquals(State.PRESENT, slots.state(0));
    }

    @Test
    void whoComesBackTooLateIsANewOneElsewhere() {
        slots.update(List.of("a"));
        slots.update(List.of());
        slots.end(0);
        assertEquals(List.of(new Place(1, "a")), slots.update(List.of("a")).added());
        assertEquals(State.ENDING, slots.state(0));
    }

    @Test
    void slotIsUsedAgainOnlyOnceItIsFree() {
        slots.update(List.of("a", "b"));
        slots.update(List.of("b"));
        slots.end(0);
        assertEquals(List.of(new Place(2, "c")), slots.update(List.of("b", "c")).added());
        slots.free(0);
        assertEquals(State.FREE, slots.state(0));
        assertEquals(
                List.of(new Place(0, "d")), slots.update(List.of("b", "c", "d")).added());
    }

    @ParameterizedTest
    @CsvSource({"3, 0", "4, 0", "5, 1"})
    void whoFindsNoSlotIsLeftOut(int wanted, int leftOut) {
        List<String> list = List.of("a", "b", "c", "d", "e").subList(0, wanted);
        Change change = slots.update(list);
        assertEquals(leftOut, change.leftOut().size());
        assertEquals(wanted - leftOut, change.added().size());
    }

    @Test
    void whoWasLeftOutIsAddedWhenThereIsRoom() {
        List<String> list = List.of("b", "c", "d", "e");
        slots.update(List.of("a", "b", "c", "d"));
        assertEquals(List.of("e"), slots.update(list).leftOut());
        slots.end(0);
        assertEquals(List.of("e"), slots.update(list).leftOut());
        slots.free(0);
        assertEquals(List.of(new Place(0, "e")), slots.update(list).added());
    }

    @Test
    void thereAreNoMoreSlotsThanTheLastOneThatIsNotFree() {
        slots.update(List.of("a", "b", "c"));
        slots.update(List.of("b"));
        slots.end(0);
        slots.end(2);
        slots.free(0);
        assertEquals(3, slots.slotCount());
        slots.free(2);
        assertEquals(2, slots.slotCount());
    }

    /** Each step out of order is a fault of the caller's. */
    @ParameterizedTest
    @CsvSource({"FREE", "PRESENT", "LEAVING", "ENDING"})
    void stepsComeInOrder(State state) {
        bring(state);
        if (state != State.LEAVING) {
            assertThrows(IllegalStateException.class, () -> slots.end(0));
        }
        if (state != State.ENDING) {
            assertThrows(IllegalStateException.class, () -> slots.free(0));
        }
        assertEquals(state, slots.state(0));
    }

    private void bring(State state) {
        if (state == State.FREE) {
            return;
        }
        slots.update(List.of("a"));
        if (state == State.PRESENT) {
            return;
        }
        slots.update(List.of());
        if (state == State.ENDING) {
            slots.end(0);
        }
    }
}
