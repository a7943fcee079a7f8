package dev.headgate.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real run by HTTP/2 and of tunnels as small as it can be. What it measures is not looked at. */
@Timeout(120)
class BenchHttp2IT {
    @TempDir
    Path folder;

    @Test
    void measuresItselfByHttp2() throws Exception {
        SmallRun.measure(folder, "--scenarios=h2,tunnels");
        String json = SmallRun.results(folder);
        for (String step : List.of(
                "h2-tls",
                "h2-plain",
                "h2-body-100k",
                "h2-body-1m",
                "h2-idle-plain",
                "h2-idle-tls",
                "h2-origin",
                "tunnels")) {
            assertTrue(SmallRun.isMeasured(json, step, "headgate"), step);
            assertEquals(step.equals("h2-plain"), SmallRun.isMeasured(json, step, "direct"), step);
        }
    }
}
