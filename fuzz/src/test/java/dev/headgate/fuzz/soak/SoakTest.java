package dev.headgate.fuzz.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.fuzz.soak.SoakRun.Report;
import dev.headgate.fuzz.soak.SoakRun.Settings;
import dev.headgate.testkit.ThreatRow;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Soaks the proxy: for seconds with every build, and with {@code -Dsoak=2m} or {@code -Dsoak=8h} for as long as that says. {@code fuzz/soak} is the
 * command for it. {@code -Dsoak.seed} is the seed of all that clients do, {@code -Dsoak.rate} their connections per second.
 */
class SoakTest {
    private static final String SHORT = "4s";
    private static final Duration SETTLE_TIMEOUT = Duration.ofMinutes(1);

    @ThreatRow(
            value = "L-07",
            outcome =
                    "heap, direct memory, descriptors, threads and timers stay flat, and every request is accounted for; hours of it by hand")
    @Test
    @Timeout(value = 7, unit = TimeUnit.DAYS) // For the long mode.
    void l_07_everythingIsAccountedForAndNothingGrows() throws IOException, InterruptedException {
        var settings = new Settings(
                duration(System.getProperty("soak", SHORT)),
                SETTLE_TIMEOUT,
                Long.getLong("soak.seed", 1),
                Integer.getInteger("soak.rate", 100),
                SoakProxy.class,
                List.of());
        Report report = new SoakRun(settings, progress()).run();
        if (System.getProperty("soak") != null) {
            System.out.println(report.summary());
        }
        assertTrue(report.findings().isEmpty(), report::summary);
    }

    /** The first bytes of a request's body are kept for another attempt; their buffers are not given back. */
    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void findsALeakInARealProxy() throws IOException, InterruptedException {
        var settings = new Settings(
                Duration.ofSeconds(4),
                Duration.ofSeconds(4),
                1,
                100,
                LeakyProxy.class,
                List.of("exchange.ReplayWindow", "giveUp", "release"));
        Report report = new SoakRun(settings, progress()).run();
        assertTrue(report.findings().toString().contains("nothing held but idle connections"), report::summary);
    }

    /** Builds show nothing. */
    private static PrintStream progress() {
        return System.getProperty("soak") == null ? new PrintStream(OutputStream.nullOutputStream()) : System.out;
    }

    @Test
    void readsDurations() {
        assertEquals(Duration.ofSeconds(90), duration("90s"));
        assertEquals(Duration.ofMinutes(2), duration("2m"));
        assertEquals(Duration.ofHours(8), duration("8h"));
    }

    private static Duration duration(String text) {
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }
}
