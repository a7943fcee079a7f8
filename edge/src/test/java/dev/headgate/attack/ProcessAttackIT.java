package dev.headgate.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What befalls the process as a whole: no descriptors left, signals, sudden death, a configuration that cannot be. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
@EnabledOnOs({OS.LINUX, OS.MAC})
class ProcessAttackIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";

    @TempDir
    private Path folder;

    /** One loop: what one client sees of a signal, all connections have been told. */
    private String yaml(String listener, ScriptedOrigin origin) {
        return """
                version: 1
                loops: 1
                listeners: [{name: web, address: "%s"}]
                upstreams: {app: {endpoints: "%s"}}
                routes: [{to: app}]
                log: {access: {to: %s}}
                """.formatted(listener, origin.address(), folder.resolve("access.log"));
    }

    @ThreatRow(
            value = "DOS-05",
            outcome =
                    "accepting pauses, and a waiting connection is closed; what is open goes on, and reaches the origin; all is well afterwards")
    @Test
    void dos_05_shortageOfDescriptorsStopsNobodyWhoIsServed() {
        List<RawClient> crowd = new ArrayList<>();
        try (var origin = ScriptedOrigin.start();
                var program = HeadgateProcess.run(folder, yaml("127.0.0.1:0", origin), "128")) {
            int port = program.awaitReady();
            try (var open = RawClient.connect(port)) {
                open.send(GET).expectStatus(200);
                for (int i = 0; i < 200; i++) {
                    crowd.add(RawClient.connect(port));
                }
                Await.until("the shortage is told", () -> count(program, "event=accept_failed") > 0);
                for (int i = 0; i < 300; i++) {
                    open.send(GET).expectStatus(200);
                }
                assertTrue(count(program, "event=accept_failed") < 100, () -> "" + program.errors());
                assertEquals(301, origin.requests().size());
                crowd.forEach(RawClient::close);
                Await.until("new connections are served", () -> isServed(port));
            }
        }
    }

    private static boolean isServed(int port) {
        try (var late = RawClient.connect(port)) {
            late.trySend(GET.replace("␍␊", "\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(late.halfClose().readToEndOrReset(), StandardCharsets.US_ASCII)
                    .startsWith("HTTP/1.1 200");
        }
    }

    private static long count(HeadgateProcess program, String event) {
        return program.errors().stream().filter(line -> line.contains(event)).count();
    }

    @ThreatRow(
            value = "L-04",
            outcome =
                    "on SIGTERM no new connections, open requests are answered with Connection: close, exit code 0; a second one ends at once")
    @Test
    void l_04_terminateFinishesWhatIsOpen() {
        var go = new CountDownLatch(1);
        try (var origin = ScriptedOrigin.start().on("/held", exchange -> {
                    exchange.await(go);
                    exchange.respond(200, "finished");
                });
                var program = HeadgateProcess.run(folder, yaml("127.0.0.1:0", origin))) {
            int port = program.awaitReady();
            try (var idle = RawClient.connect(port);
                    var client = RawClient.connect(port)) {
                idle.send(GET).expectStatus(200);
                client.send("GET /held HTTP/1.1␍␊Host: a␍␊␍␊");
                Await.until(
                        "the request is at the origin", () -> origin.requests().size() == 2);
                program.terminate();
                idle.expectClosed();
                go.countDown();
                var response = client.expectStatus(200);
                assertEquals("finished", response.text());
                assertTrue(response.announcesClose());
                assertEquals(0, program.awaitExit());
                assertEquals(List.of("GET /", "GET /held"), origin.requestLines());
            }
        }
    }

    @ThreatRow("L-04")
    @Test
    void l_04_secondTerminateEndsAtOnce() {
        try (var origin = ScriptedOrigin.start().on("/stall", OriginScript.stall());
                var program = HeadgateProcess.run(folder, yaml("127.0.0.1:0", origin))) {
            int port = program.awaitReady();
            try (var idle = RawClient.connect(port);
                    var client = RawClient.connect(port)) {
                idle.send(GET).expectStatus(200);
                client.send("GET /stall HTTP/1.1␍␊Host: a␍␊␍␊");
                origin.awaitRequest(1);
                program.terminate();
                idle.expectClosed(); // The first has been heard.
                program.terminate();
                client.expectEnd();
                assertEquals(0, program.awaitExit());
            }
        }
    }

    @ThreatRow(
            value = "L-06",
            outcome =
                    "what was open breaks visibly; the next start takes over the address, also a socket file left behind, and appends to the log")
    @Test
    void l_06_killedProgramStartsAgainWhereItWas() throws IOException {
        Path socket = folder.resolve("web.sock");
        try (var origin = ScriptedOrigin.start()
                .on("/half", OriginScript.fixedThenStall("HTTP/1.1 200 OK␍␊Content-Length: 9␍␊␍␊half"))) {
            String yaml = yaml("unix:" + socket, origin);
            try (var program = HeadgateProcess.run(folder, yaml)) {
                program.awaitReady();
                try (var whole = RawClient.connectUnix(socket);
                        var half = RawClient.connectUnix(socket)) {
                    whole.send(GET).expectStatus(200);
                    Await.until("its record is written", () -> records() == 1);
                    half.send("GET /half HTTP/1.1␍␊Host: a␍␊␍␊");
                    assertEquals(200, half.readHead().status());
                    program.kill();
                    half.readToEndOrReset();
                    assertTrue(new String(half.received(), StandardCharsets.US_ASCII).endsWith("half"));
                    program.awaitExit();
                }
            }
            assertTrue(Files.exists(socket), "the file is left behind");
            try (var program = HeadgateProcess.run(folder, yaml)) {
                program.awaitReady();
                try (var client = RawClient.connectUnix(socket)) {
                    client.send(GET).expectStatus(200);
                }
                Await.until("its record is written", () -> records() == 2);
            }
            assertEquals(List.of("GET /", "GET /half", "GET /"), origin.requestLines());
        }
    }

    private long records() {
        try (var lines = Files.lines(folder.resolve("access.log"))) {
            return lines.filter(line -> line.startsWith("{") && line.endsWith("}"))
                    .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ThreatRow(
            value = "L-02",
            outcome =
                    "all mistakes with file, line and column and exit code 2, a taken port 3; no listener opens, the origin sees nothing")
    @Test
    void l_02_nothingStartsHalfway() throws IOException {
        Path first = folder.resolve("first.sock");
        try (var origin = ScriptedOrigin.start();
                var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String wrong = yaml("unix:" + first, origin) + "nope: 1\n";
            try (var program = HeadgateProcess.run(folder, wrong)) {
                assertEquals(2, program.awaitExit());
                assertTrue(
                        program.errors().stream().anyMatch(line -> line.contains("headgate.yaml:7:1: error")),
                        () -> "" + program.errors());
            }
            String twoListeners = yaml("unix:" + first, origin)
                    .replace(
                            "}]\nupstreams",
                            "}, {name: more, address: \"127.0.0.1:" + taken.getLocalPort() + "\"}]\nupstreams");
            try (var program = HeadgateProcess.run(folder, twoListeners)) {
                assertEquals(3, program.awaitExit());
                assertTrue(count(program, "HG3002") == 1, () -> "" + program.errors());
            }
            assertFalse(Files.exists(first), "a listener was left behind");
            origin.assertReceivedNothing();
        }
    }
}
