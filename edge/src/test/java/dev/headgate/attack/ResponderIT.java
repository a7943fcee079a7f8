package dev.headgate.attack;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.SecureClient;
import dev.headgate.testkit.PeerContexts;
import dev.headgate.testkit.ThreatRow;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A certificate authority that takes connections and never answers: nobody asks it, so nobody waits. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ResponderIT {
    @TempDir
    Path folder;

    /** One proxy is the origin of another, so that the certificate is shown by a listener and judged for an upstream, and the other way round. */
    @ThreatRow(
            value = "TLS-15",
            advisory = "nginx CVE-2026-40701",
            outcome = "no connection to what a certificate names, be it a listener's, an origin's or a client's")
    @ParameterizedTest
    @ValueSource(strings = {"intermediate", "modern"})
    void tls_15_asksNoResponder(String profile) throws Exception {
        try (var responder = ServerSocketChannel.open()) {
            responder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            responder.configureBlocking(false);
            int port = ((InetSocketAddress) responder.getLocalAddress()).getPort();
            NamedResponders files = NamedResponders.at("http://127.0.0.1:" + port + "/", folder);
            String own = "{chain: %s, key: %s}".formatted(files.chain(), files.key());
            try (var origin = ProxyHarness.start(listener(
                            own,
                            ", clientAuth: {mode: require, ca: %s}".formatted(files.root()),
                            profile,
                            "respond: {body: here}",
                            ""));
                    var proxy = ProxyHarness.start(listener(
                            own, "", profile, "to: origin", """
                            upstreams:
                              origin:
                                endpoints: "127.0.0.1:%d"
                                tls: {serverName: example.test, ca: %s, clientCertificate: %s, profile: %s}
                            """.formatted(origin.port(), files.root(), own, profile)));
                    var client =
                            SecureClient.connect(PeerContexts.trusting(files.root()), proxy.port(), "example.test")) {
                String answer =
                        client.send("GET / HTTP/1.1␍␊Host: example.test␍␊␍␊").receive();
                assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
                assertTrue(answer.endsWith("here"), answer);
            }
            assertNull(responder.accept());
        }
    }

    private static String listener(String certificate, String clientAuth, String profile, String action, String rest) {
        return """
                version: 1
                loops: 1
                listeners:
                  - {name: web, address: "127.0.0.1:0", tls: {sniHost: any, profile: %s, certificates: [%s]%s}}
                routes: [{%s}]
                """.formatted(profile, certificate, clientAuth, action) + rest;
    }
}
