package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Unix-domain sockets on both sides. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class UnixSocketIT {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void requestsPassThroughUnixSocketsOnly() {
        Path inside = folder.resolve("origin.sock");
        Path outside = folder.resolve("web.sock");
        String yaml = """
                version: 1
                loops: 1
                listeners: [{name: web, address: "unix:%s"}]
                upstreams: {app: {endpoints: ["unix:%s"]}}
                routes: [{to: app}]
                log: {access: off}
                """.formatted(outside, inside);
        try (var origin = ScriptedOrigin.startUnix(inside);
                var _ = ProxyHarness.start(yaml);
                var client = RawClient.connectUnix(outside)) {
            for (int i = 0; i < 3; i++) {
                client.send("POST / HTTP/1.1␍␊Host: a␍␊Content-Length: 2␍␊␍␊hi").expectStatus(200);
            }
            assertEquals(1, origin.connections().size());
        }
    }

    @Test
    void aSocketAsEndpointIsCalledLocalhost() {
        Path inside = folder.resolve("origin.sock");
        try (var origin = ScriptedOrigin.startUnix(inside);
                var proxy = ProxySetup.before("unix:" + inside)
                        .upstream("host: endpoint")
                        .start();
                var client = proxy.connect()) {
            client.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
            assertEquals("localhost", origin.lastRequest().fields().value("host"));
        }
    }
}
