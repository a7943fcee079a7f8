package dev.headgate.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EndpointSetTest {
    @Test
    void listsWhatWasAddedInAscendingOrder() {
        EndpointSet set = Upstreams.setOf(70, 3, 9_000, 3, 0);

        assertEquals(4, set.count());
        assertEquals(0, set.at(0));
        assertEquals(3, set.at(1));
        assertEquals(70, set.at(2));
        assertEquals(9_000, set.at(3));
    }

    @Test
    void containsOnlyWhatWasAdded() {
        EndpointSet set = Upstreams.setOf(64, 128);

        assertTrue(set.contains(64));
        assertTrue(set.contains(128));
        assertFalse(set.contains(0));
        assertFalse(set.contains(65));
    }

    @Test
    void holdsTheMostAttemptsButNotOneMore() {
        EndpointSet set = new EndpointSet();
        for (int i = 0; i < EndpointSet.ATTEMPTS_MAX; i++) {
            set.add(i);
        }
        set.add(EndpointSet.ATTEMPTS_MAX - 1);

        assertEquals(EndpointSet.ATTEMPTS_MAX, set.count());
        assertThrows(IllegalStateException.class, () -> set.add(EndpointSet.ATTEMPTS_MAX));
    }

    @Test
    void isEmptyAgainAfterClear() {
        EndpointSet set = Upstreams.setOf(1, 2);
        set.clear();

        assertTrue(set.isEmpty());
        assertFalse(set.contains(1));
    }

    @Test
    void theSharedEmptySetCannotBeFilled() {
        assertThrows(IllegalStateException.class, () -> EndpointSet.NONE.add(0));
        assertTrue(EndpointSet.NONE.isEmpty());
    }
}
