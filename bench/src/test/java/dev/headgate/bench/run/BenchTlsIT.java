package dev.headgate.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real run over TLS as small as it can be. What it measures is not looked at. */
@Timeout(120)
class BenchTlsIT {
    @TempDir
    Path folder;

    @Test
    void measuresItselfOverTls() throws Exception {
        SmallRun.measure(
                folder,
                "--scenarios=tls-keepalive,tls-handshakes,tls-resumed,tls-bodies,tls-open,tls-beside,tls-idle",
                "--rates=100");
        String json = SmallRun.results(folder);
        for (String step : List.of(
                "tls-keepalive",
                "tls-handshakes",
                "tls-resumed-13",
                "tls-resumed-12",
                "tls-bodies-100k",
                "tls-bodies-1m",
                "tls-open-100",
                "tls-beside-0",
                "tls-beside-200",
                "tls-idle")) {
            assertTrue(SmallRun.isMeasured(json, step, "headgate"), step);
            boolean hasDirect = step.startsWith("tls-open") || step.startsWith("tls-beside");
            assertEquals(hasDirect, SmallRun.isMeasured(json, step, "direct"), step);
        }
    }
}
