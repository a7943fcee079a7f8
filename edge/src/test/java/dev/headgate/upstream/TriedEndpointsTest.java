package dev.headgate.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.EndpointSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TriedEndpointsTest {
    private final TriedEndpoints tried = new TriedEndpoints();

    private static List<Integer> slots(TriedEndpoints tried) {
        EndpointSet set = tried.slots();
        List<Integer> slots = new ArrayList<>();
        for (int i = 0; i < set.count(); i++) {
            slots.add(set.at(i));
        }
        return slots;
    }

    @Test
    void isASetOfSlots() {
        EndpointNode seventh = EndpointNodes.inSlot(7);
        tried.add(seventh);
        tried.add(EndpointNodes.inSlot(3));
        tried.add(seventh);
        assertEquals(List.of(3, 7), slots(tried));
        tried.clear();
        assertEquals(List.of(), slots(tried));
    }

    /** Its slot may be another one's, which has not been tried. */
    @Test
    void whoIsGoneWasNotTried() {
        EndpointNode goes = EndpointNodes.inSlot(7);
        tried.add(EndpointNodes.inSlot(9));
        tried.add(goes);
        tried.add(EndpointNodes.inSlot(3));
        goes.leave();
        goes.stopKeeping();
        assertEquals(List.of(3, 7, 9), slots(tried), "it may come back");
        goes.goAway();
        assertEquals(List.of(3, 9), slots(tried));
        tried.add(EndpointNodes.inSlot(7));
        assertEquals(List.of(3, 7, 9), slots(tried));
    }

    @Test
    void hasRoomForAllAttemptsThereMayBe() {
        for (int i = 0; i < EndpointSet.ATTEMPTS_MAX; i++) {
            assertFalse(tried.isFull());
            tried.add(EndpointNodes.inSlot(i));
        }
        assertTrue(tried.isFull());
        tried.clear();
        assertFalse(tried.isFull());
    }
}
