package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A certificate whose end comes while the proxy runs. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CertificateEndIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: " + TestCertificates.NAME + "␍␊␍␊";
    private static final Pattern OF_THE_LEAF =
            Pattern.compile("event=certificate_questionable listener=web finding=\"\\S+/chain\\.pem: (\\S+): "
                    + "found the certificate of CN=not\\.looked\\.at\\.test, .*; expected (.*)\"");

    @TempDir
    Path folder;

    private final SteeredIo io = new SteeredIo();

    @ThreatRow(
            value = "TLS-14",
            outcome = "a warning 30, 7 and 1 days before a certificate ends, and when it has; it is shown nevertheless")
    @Test
    void tls_14_warnsOfACertificateThatEndsWhileItIsInUse() throws IOException {
        TestCertificates files = TestCertificates.in(folder);
        try (var origin = ScriptedOrigin.start();
                var proxy = ProxySetup.before(origin)
                        .listener("tls: {watch: 0s, certificates: [{chain: %s, key: %s}]}"
                                .formatted(files.chain(), files.key()))
                        .start(io)) {
            Instant end = shown(proxy).getNotAfter().toInstant();
            List<String> expected = new ArrayList<>();
            assertTold(proxy, expected, end.minus(Duration.ofDays(30)));
            expected.add("certificate.expires_soon: more than 30 days left");
            assertTold(proxy, expected, end.minus(Duration.ofDays(7)));
            expected.add("certificate.expires_soon: more than 7 days left");
            assertTold(proxy, expected, end.minus(Duration.ofDays(1)));
            expected.add("certificate.expires_soon: more than a day left");
            assertTold(proxy, expected, end);
            expected.add("certificate.expired: a valid one");
            assertTold(proxy, expected, end.plus(Duration.ofDays(400)));
            shown(proxy); // whose clock is another
        }
    }

    /** Awaits what has been told so far; then it is two minutes after {@code next}. */
    private void assertTold(ProxyHarness proxy, List<String> expected, Instant next) {
        Await.until(expected.toString(), () -> told(proxy).equals(expected));
        Instant now = Instant.ofEpochMilli(io.clock().wallMs());
        io.jumpWallClock(Duration.between(now, next.plus(Duration.ofMinutes(2))));
    }

    private static List<String> told(ProxyHarness proxy) {
        return proxy.errorLog().stream()
                .map(OF_THE_LEAF::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1) + ": " + found.group(2))
                .toList();
    }

    /** The certificate that a request is served with. */
    private static X509Certificate shown(ProxyHarness proxy) throws IOException {
        try (var client = SecureClient.connect(proxy.port(), TestCertificates.NAME)) {
            String answer = client.send(GET).receive();
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
            return (X509Certificate) client.socket().getSession().getPeerCertificates()[0];
        }
    }
}
