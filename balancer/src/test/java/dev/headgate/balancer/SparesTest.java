package dev.headgate.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.UpstreamView.Sticky;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparesTest {
    private static final Spares SPARES = new Spares(new int[] {7, 2, 4, 9}, new int[] {1, 1, 2, 2});

    private static String picks(Spares spares, EndpointSet tried) {
        var picked = new TreeSet<Integer>();
        for (long i = 0; i < 16; i++) {
            picked.add(spares.pick(i << 60, tried));
        }
        return picked.toString();
    }

    private static EndpointSet setOf(String slots) {
        EndpointSet set = new EndpointSet();
        for (String slot : slots.isEmpty() ? new String[0] : slots.split(" ")) {
            set.add(Integer.parseInt(slot));
        }
        return set;
    }

    @ParameterizedTest
    @CsvSource({
        "'', '[2, 7]'",
        "7, [2]",
        "2, [7]",
        "3, '[2, 7]'",
        "2 7, '[4, 9]'",
        "2 4 7, [9]",
        "2 7 9, [4]",
        "2 4 7 9, [-1]",
        "4 9, '[2, 7]'"
    })
    void chanceDecidesWithinTheFirstTierThatHasAny(String tried, String expected) {
        assertEquals(expected, picks(SPARES, setOf(tried)));
    }

    @Test
    void noneIsPickedWhereThereIsNone() {
        assertEquals(Picker.NONE, Spares.NONE.pick(1, EndpointSet.NONE));
        assertThrows(IllegalArgumentException.class, () -> new Spares(new int[1], new int[0]));
    }

    @Test
    void subsetHasThoseWithItsLabels() {
        UpstreamView.Builder builder = UpstreamView.builder("app", 3);
        for (int slot = 0; slot < 3; slot++) {
            Map<String, String> labels = Map.of("version", slot == 1 ? "old" : "new");
            builder.put(
                    slot,
                    new Endpoint("10.0.0." + slot + ":80", 1, 0, "", labels, new EndpointStats(1)),
                    slot == 0 ? 1 : 0,
                    Sticky.MAY_STAY);
        }
        UpstreamView view =
                builder.spares(new Spares(new int[] {1, 2}, new int[] {1, 1})).build();
        assertEquals("[1, 2]", picks(view.spares(), EndpointSet.NONE));
        assertEquals("[2]", picks(view.narrowedTo(Map.of("version", "new")).spares(), EndpointSet.NONE));
        assertTrue(view.spares().equals(new Spares(new int[] {1, 2}, new int[] {1, 1})));
    }
}
