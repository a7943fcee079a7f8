package dev.headgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.origin.FastOrigin;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LoadCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return LoadCommand.run(
                List.of(arguments),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private int runAgainstOrigin(String path, String... options) throws Exception {
        try (FastOrigin origin = FastOrigin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
            int port = ((InetSocketAddress) origin.address()).getPort();
            List<String> arguments = new ArrayList<>(List.of("--self-warm-up", "0", "-w", "0", "-d", "0.1", "-c", "2"));
            arguments.addAll(List.of(options));
            arguments.add("http://127.0.0.1:" + port + path);
            return run(arguments.toArray(String[]::new));
        }
    }

    @Test
    void aSummaryIsForPeopleAndALineOfJsonForPrograms() throws Exception {
        String self = String.valueOf(ProcessHandle.current().pid());
        int exitCode = runAgainstOrigin("/1k", "-r", "100", "--verify", "--idle", "3", "--cpu-of", self, "--phases");
        assertEquals(0, exitCode, () -> text(err));
        String json = text(out);
        assertEquals(1, json.lines().count());
        assertTrue(json.startsWith("{\"requests\":10,\"totalRequests\":10,\"seconds\":0.100,"), json);
        assertTrue(json.contains("\"ratePerSecond\":100.000"), json);
        assertTrue(json.contains("\"errorCount\":0,\"errors\":{\"connect\":0,\"reset\":0,"), json);
        assertTrue(json.contains("\"idle\":{\"opened\":3,\"lost\":0,\"answered\":3}"), json);
        assertTrue(json.contains("\"watchedCpuNs\":{\"" + self + "\":"), json);
        assertTrue(text(err).contains("phase=MEASURING"), text(err));
        assertTrue(text(err).contains("10 requests in 0.1 s"), text(err));
    }

    @Test
    void aReadingThatIsMissingIsNoZero() throws Exception {
        String nobody = String.valueOf(Integer.MAX_VALUE);
        assertEquals(0, runAgainstOrigin("/1k", "-r", "100", "--cpu-of", nobody), () -> text(err));
        assertTrue(text(out).contains("\"watchedCpuNs\":{}"), text(out));
    }

    @Test
    void failedRequestsMakeTheCommandFail() throws Exception {
        assertEquals(1, runAgainstOrigin("/status/503", "-r", "100"));
        assertTrue(text(err).contains("errors, status: 10"), text(err));
        assertTrue(text(out).contains("\"examples\":[\"status: status 503\""), text(out));
    }

    @Test
    void failedSlowClientsMakeTheCommandFail() throws Exception {
        String[] options = {"-r", "100", "--slow-readers", "1", "--slow-pause", "1", "--slow-target", "/status/503"};
        assertEquals(1, runAgainstOrigin("/1k", options), () -> text(out));
        assertTrue(text(err).contains("slow reader, status: status 503"), text(err));
    }

    @Test
    void theGeneratorMayWarmItselfUpElsewhere() throws Exception {
        assertEquals(0, runAgainstOrigin("/1k", "--self-warm-up", "0.15", "-r", "50"), () -> text(err));
        assertTrue(text(out).startsWith("{\"requests\":5,\"totalRequests\":5,"), text(out));
    }

    @Test
    void contentIsPostedInBothFramings() throws Exception {
        assertEquals(0, runAgainstOrigin("/1k", "--post", "10k", "-r", "50"), () -> text(err));
        assertEquals(0, runAgainstOrigin("/1k", "--chunked", "10k", "-r", "50"), () -> text(err));
    }

    @Test
    void requestsGoSideBySideByHttp2() throws Exception {
        assertEquals(
                0,
                runAgainstOrigin("/1k", "-m", "5", "-r", "100", "--verify", "--self-warm-up", "0.15"),
                () -> text(err));
        assertTrue(text(out).startsWith("{\"requests\":10,\"totalRequests\":10,"), text(out));
        assertTrue(text(out).contains("\"connectionsOpened\":2,"), text(out));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-c x http://127.0.0.1:1/",
                "-c -1 http://127.0.0.1:1/",
                "--no-such http://127.0.0.1:1/",
                "https://127.0.0.1:1/",
                "127.0.0.1:1",
                "-d 0 http://127.0.0.1:1/",
                "-r -5 http://127.0.0.1:1/",
                "--post many http://127.0.0.1:1/",
                "--slow-senders 1 --slow-readers 1 http://127.0.0.1:1/",
                "-m 2 --slow-senders 1 http://127.0.0.1:1/",
                "-m 2 --per-request http://127.0.0.1:1/",
                "--source-addresses 2 http://192.0.2.1:1/",
                "-H nocolon http://127.0.0.1:1/",
                ""
            })
    void aMistakeInTheArgumentsIsSaidAndNothingIsSent(String line) {
        assertEquals(2, run(line.isEmpty() ? new String[0] : line.split(" ")));
        assertTrue(text(err).startsWith("headgate: "), text(err));
        assertEquals("", text(out));
    }

    @Test
    void helpNamesEveryOption() {
        assertEquals(0, run("--help"));
        assertTrue(text(out).contains("--source-addresses"), text(out));
    }

    @ParameterizedTest
    @CsvSource({
        "/1k, 1024",
        "/20, 20",
        "/chunked/2m, 2097152",
        "/1g?x=1, 1073741824",
        "/delay/20, -1",
        "/delay/20/3, 3",
        "/status/200, -1",
        "/fault/reset, -1",
        "/, -1",
        "/a/b/20, -1",
        "/1kb, -1",
        "/9999999999999, -1"
    })
    void thePathNamesTheLengthOfItsContent(String target, long bytes) {
        assertEquals(bytes, ByteCount.namedBy(target));
    }
}
