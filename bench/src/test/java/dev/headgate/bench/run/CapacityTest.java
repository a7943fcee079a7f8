package dev.headgate.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.bench.scenario.Scenario;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapacityTest {
    private static Capacity capacity(long openFiles, Scenario... scenarios) {
        Options options = SampleOptions.of(List.of(scenarios), "--targets=direct");
        return Capacity.of(options, openFiles < 0 ? OptionalLong.empty() : OptionalLong.of(openFiles));
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 64, 100000, 9000, 200, 0",
        "101000, 64, 100000, 9000, 200, 0",
        "100999, 64, 99999, 9000, 200, 1",
        "19000, 64, 18000, 9000, 200, 1",
        "18999, 64, 17999, 8999, 200, 2",
        "3000, 64, 2250, 1125, 200, 2",
        "1024, 64, 768, 384, 76, 3",
        "171, 64, 129, 64, 12, 3",
        "168, 63, 126, 63, 12, 4",
        "2, 1, 2, 1, 1, 4",
        "0, 1, 1, 1, 1, 4"
    })
    void cutsDownWhatTheSystemDoesNotAllow(long openFiles, int connections, int idle, int active, int slow, int notes) {
        Capacity capacity = capacity(openFiles, Scenario.values());
        assertEquals(connections, capacity.sizes().connections());
        assertEquals(idle, capacity.sizes().idleMax());
        assertEquals(active, capacity.sizes().activeMax());
        assertEquals(slow, capacity.sizes().slowClients());
        assertEquals(notes, capacity.notes().size(), capacity.notes().toString());
    }

    @Test
    void tellsOfEachCutInWords() {
        assertEquals(
                List.of(
                        "63 connections of the usual load instead of 64: no more files may be open (ulimit -n)",
                        "126 idle connections instead of 100,000: no more files may be open (ulimit -n)",
                        "63 active connections instead of 9,000: no more files may be open (ulimit -n)",
                        "12 slow clients of each kind instead of 200: no more files may be open (ulimit -n)"),
                capacity(168, Scenario.values()).notes());
    }

    @ParameterizedTest
    @CsvSource({"-1, 10000, 0", "11000, 10000, 0", "10999, 9999, 1", "2, 2, 1"})
    void idleTlsConnectionsAreFewer(long openFiles, int idle, int notes) {
        Capacity capacity = capacity(openFiles, Scenario.TLS_IDLE);
        assertEquals(idle, capacity.sizes().tlsIdleMax());
        assertEquals(
                notes,
                capacity.notes().stream().filter(note -> note.contains("TLS")).count());
        assertEquals(idle, capacity(openFiles, Scenario.values()).sizes().tlsIdleMax());
    }

    @ParameterizedTest
    @CsvSource({"-1, 10000, 0", "11000, 10000, 0", "10999, 9999, 1", "2, 2, 1"})
    void idleHttp2ConnectionsAreFewerToo(long openFiles, int idle, int notes) {
        Capacity capacity = capacity(openFiles, Scenario.H2_IDLE);
        assertEquals(idle, capacity.sizes().http2IdleMax());
        assertEquals(
                notes,
                capacity.notes().stream()
                        .filter(note -> note.contains("idle HTTP/2"))
                        .count());
        assertEquals(idle, capacity(openFiles, Scenario.values()).sizes().http2IdleMax());
    }

    @Test
    void tellsOnlyOfWhatIsMeasured() {
        assertEquals(
                List.of(), capacity(1024, Scenario.THROUGHPUT, Scenario.LATENCY).notes());
        assertEquals(1, capacity(1024, Scenario.ACTIVE).notes().size());
    }
}
