package dev.headgate.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.bench.scenario.Sizes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapacityTest {
    @ParameterizedTest
    @CsvSource({
        "-1, 100000, 9000, 200, 0",
        "101000, 100000, 9000, 200, 0",
        "100999, 99999, 9000, 200, 1",
        "19000, 18000, 9000, 200, 1",
        "18999, 17999, 8999, 200, 2",
        "1024, 24, 12, 2, 2"
    })
    void cutsDownWhatTheSystemDoesNotAllow(long openFiles, int idle, int active, int slow, int notes) {
        Options options = new Options(
                List.of(),
                List.of(),
                List.of(),
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                List.of(5000),
                64,
                100_000,
                9000,
                1,
                List.of(),
                Path.of("out"),
                "");
        List<String> told = new ArrayList<>();
        Sizes sizes = Capacity.sizes(options, openFiles < 0 ? OptionalLong.empty() : OptionalLong.of(openFiles), told);
        assertEquals(idle, sizes.idleMax());
        assertEquals(active, sizes.activeMax());
        assertEquals(slow, sizes.slowClients());
        assertEquals(notes, told.size(), told.toString());
    }
}
