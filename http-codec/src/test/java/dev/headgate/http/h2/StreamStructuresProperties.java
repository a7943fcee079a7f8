package dev.headgate.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The table and the queue against plain collections. */
class StreamStructuresProperties {
    private static Http2Stream stream(int id) {
        var stream = new Http2Stream();
        stream.start(id, true, 1, 1, 0);
        return stream;
    }

    @Property
    void theTableIsAMap(@ForAll @Size(max = 200) List<@IntRange(min = 1, max = 60) Integer> ids, @ForAll long seed) {
        var table = new StreamTable(seed);
        Map<Integer, Http2Stream> model = new LinkedHashMap<>(); // in the order in which they came, as the table has it
        for (int id : ids) {
            Http2Stream there = model.remove(id);
            if (there == null) {
                Http2Stream added = stream(id);
                model.put(id, added);
                table.add(added);
            } else {
                table.remove(there);
            }
            assertEquals(model.size(), table.count());
            for (int i = 0; i <= 61; i++) {
                assertSame(model.get(i), table.get(i));
            }
        }
        var seen = new ArrayList<Http2Stream>();
        for (Http2Stream at = table.oldest(); at != null; at = at.openedNext) {
            seen.add(at);
        }
        assertEquals(List.copyOf(model.values()), seen);
    }

    /** Each step is a stream and what happens to it. */
    @Property
    void theQueueIsAListForEachUrgency(
            @ForAll @Size(max = 100) List<@IntRange(max = 6 * 4 - 1) Integer> steps,
            @ForAll @Size(value = 6) List<@IntRange(max = 15) Integer> priorities) {
        var queue = new SendQueue();
        var streams = new ArrayList<Http2Stream>();
        for (int i = 0; i < 6; i++) {
            Http2Stream stream = stream(2 * i + 1);
            stream.priority = priorities.get(i);
            streams.add(stream);
        }
        Map<Integer, List<Http2Stream>> model = new HashMap<>();
        for (int step : steps) {
            Http2Stream stream = streams.get(step % 6);
            List<Http2Stream> list =
                    model.computeIfAbsent(Priority.urgency(stream.priority), urgency -> new ArrayList<>());
            if (step / 6 == 0 && !stream.isQueued) {
                queue.add(stream);
                list.add(stream);
            } else if (step / 6 == 1 && stream.isQueued) {
                queue.remove(stream);
                list.remove(stream);
            } else if (queue.first() == stream) {
                queue.onTurn(stream);
                if (Priority.isIncremental(stream.priority)) {
                    list.remove(stream);
                    list.add(stream);
                }
            }
            Http2Stream expected = null;
            for (int urgency = 7; urgency >= 0; urgency--) {
                List<Http2Stream> waiting = model.getOrDefault(urgency, List.of());
                expected = waiting.isEmpty() ? expected : waiting.getFirst();
            }
            assertSame(expected, queue.first());
            assertEquals(expected == null, queue.isEmpty());
        }
    }

    /** A window may be anything but more than it can be; what goes through the receiving one is conserved. */
    @Property
    void windowsAreConserved(@ForAll @Size(max = 50) List<@IntRange(min = -2000, max = 2000) Integer> steps) {
        var window = new ReceiveWindow(10_000);
        int announced = 10_000;
        int held = 0;
        int returned = 0;
        for (int step : steps) {
            if (step > 0) {
                boolean fits = step <= announced;
                assertEquals(fits, window.receive(step));
                announced -= fits ? step : 0;
                held += fits ? step : 0;
            } else {
                int back = Math.min(held, -step);
                window.giveBack(back);
                held -= back;
                returned += back;
            }
            int update = window.takeUpdate();
            assertEquals(returned >= 5_000 ? returned : 0, update);
            announced += update;
            returned -= update;
            assertEquals(10_000 - held, window.freeBytes());
        }
    }
}
