package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.TestClient;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.ReceivedRequest;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What origins, routes and the access log learn of a client's certificate. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ClientIdentityIT {
    private static final String NAME = TestCertificates.NAME;
    private static final String FORGED = "Client-Cert: :AAAA:␍␊CLIENT-CERT-CHAIN: :AAAA:␍␊"
            + "X-Forwarded-Client-Cert: Hash=0␍␊x-ssl-client-verify: SUCCESS␍␊";
    private static final List<String> FIELDS =
            List.of("client-cert", "client-cert-chain", "x-forwarded-client-cert", "x-ssl-client-verify");

    @TempDir
    Path folder;

    private final ClientKinds kinds = new ClientKinds();
    private final TestClient billing = kinds.authority
            .intermediate("Department")
            .client("CN=billing,O=\"Example, Inc.\"")
            .uri("spiffe://example.test/billing")
            .dns("billing.example.test")
            .issue();

    @BeforeEach
    void writeFiles() {
        TestCertificates.in(folder);
        kinds.writeTo(folder);
    }

    @Test
    void forwardsExactlyTheCertificate() throws Exception {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin, "{mode: require, ca: CA, forward: [client-cert-chain, xfcc, verify]}")
                        .start();
                var client = SecureClient.connect(billing.context(), proxy.port(), NAME)) {
            for (int i = 0; i < 3; i++) {
                get(client, FORGED);
                ReceivedRequest request = origin.lastRequest();
                assertEquals(List.of(":" + base64(billing.der()) + ":"), values(request, "client-cert"));
                assertEquals(
                        List.of(":" + base64(billing.chain().get(1).getEncoded()) + ":"),
                        values(request, "client-cert-chain"));
                assertEquals(
                        List.of("Hash=" + billing.sha256() + ";Subject=\"CN=billing,O=Example\\, Inc.\""
                                + ";URI=spiffe://example.test/billing;DNS=billing.example.test"),
                        values(request, "x-forwarded-client-cert"));
                assertEquals(List.of("SUCCESS"), values(request, "x-ssl-client-verify"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // forward, certificate, is it forwarded, verify
        "client-cert, good, true, ",
        "client-cert, stranger, false, ",
        "client-cert, none, false, ",
        "'[client-cert, verify]', good, true, SUCCESS",
        "'[client-cert, verify]', stranger, true, FAILED:untrusted",
        "'[client-cert, verify]', none, false, NONE",
        "off, good, false, ",
    })
    void forwardsWhatIsNotVerifiedOnlyWithTheVerdict(String forward, String kind, boolean isForwarded, String verify)
            throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin, "{mode: request, ca: CA, forward: " + forward + "}")
                        .start();
                var client = SecureClient.connect(kinds.context(kind), proxy.port(), NAME)) {
            get(client, FORGED);
            ReceivedRequest request = origin.lastRequest();
            assertEquals(isForwarded ? 1 : 0, values(request, "client-cert").size());
            assertEquals(verify == null ? List.of() : List.of(verify), values(request, "x-ssl-client-verify"));
            assertEquals(List.of(), values(request, "client-cert-chain"));
            assertEquals(List.of(), values(request, "x-forwarded-client-cert"));
        }
    }

    @ThreatRow(
            value = "H1-26",
            outcome =
                    "fields that speak of a client's certificate are the proxy's own, or a trusted proxy's, or not there")
    @ParameterizedTest
    @CsvSource({
        // listener, trusted, forward, how many of the four fields are left as they came
        "plain, false, off, 0",
        "plain, true, off, 4",
        "tls, false, off, 0",
        "tls, true, off, 4",
        "tls, true, client-cert, 0",
        "tls, false, client-cert, 0",
    })
    void h1_26_believesNobodyElseOfCertificates(String listener, boolean isTrusted, String forward, int left)
            throws IOException {
        String request = "POST / HTTP/1.1␍␊Host: " + NAME + "␍␊" + FORGED
                + "Transfer-Encoding: chunked␍␊TE: trailers␍␊Trailer: client-cert␍␊␍␊1␍␊x␍␊0␍␊"
                + "Client-Cert: :AAAA:␍␊Client-Cert-Chain: :AAAA:␍␊X-SSL-Client-Verify: SUCCESS␍␊"
                + "X_SSL_Client_Verify: SUCCESS␍␊Client_Cert: :AAAA:␍␊Kept: yes␍␊␍␊";
        try (var origin = ScriptedOrigin.start()) {
            ProxySetup setup = listener.equals("plain")
                    ? ProxySetup.before(origin)
                    : before(origin, "{mode: optional, ca: CA, forward: " + forward + "}");
            setup.listener("http1: {underscoreHeaders: allow}");
            if (isTrusted) setup.top("trustedProxies: [127.0.0.0/8]");
            try (var proxy = setup.start()) {
                if (listener.equals("plain")) {
                    try (var client = proxy.connect()) {
                        client.send(request).expectStatus(200);
                    }
                } else {
                    try (var client = SecureClient.connect(proxy.port(), NAME)) {
                        String answer = client.send(request).receive();
                        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
                    }
                }
                ReceivedRequest seen = origin.lastRequest();
                assertEquals(
                        left,
                        FIELDS.stream()
                                .mapToInt(name -> values(seen, name).size())
                                .sum());
                assertEquals(List.of("yes"), seen.trailers().all("kept"));
                for (String name : FIELDS) {
                    assertEquals(List.of(), seen.trailers().all(name), name);
                    assertEquals(List.of(), seen.trailers().all(name.replace('-', '_')), name);
                }
            }
        }
    }

    @Test
    void refusesRequestsWhoseCertificateIsTooLongToForward() throws IOException {
        TestClient large = kinds.authority.client("CN=large").padded(19_000).issue();
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin, "{mode: require, ca: CA, forward: client-cert}")
                        .start();
                var client = SecureClient.connect(large.context(), proxy.port(), NAME)) {
            String answer =
                    client.send("GET / HTTP/1.1␍␊Host: " + NAME + "␍␊␍␊").receive();
            assertTrue(answer.startsWith("HTTP/1.1 431 "), answer);
            assertEquals(0, origin.requests().size());
        }
    }

    @ParameterizedTest
    @CsvSource({"billing, billing", "good, anyone", "stranger, nobody", "none, nobody"})
    void routesByCertificate(String kind, String answer) throws IOException {
        try (var origin = ScriptedOrigin.start();
                var proxy = before(origin, "{mode: request, ca: CA}")
                        .route(
                                "{match: {path: /x/**, clientCertificate: {subject: \"cn=BILLING, o=\\\"Example, Inc.\\\"\","
                                        + " uri: \"spiffe://example.test/*\", dns: \"*.example.test\", sha256: "
                                        + billing.sha256() + "}}, respond: {body: billing}}")
                        .route("{match: {clientCertificate: {}}, respond: {body: anyone}}")
                        .route("{match: {clientCertificate: {verified: false}}, respond: {body: nobody}}")
                        .route("{to: app}")
                        .start();
                var client = SecureClient.connect(
                        kind.equals("billing") ? billing.context() : kinds.context(kind), proxy.port(), NAME)) {
            for (int i = 0; i < 2; i++) {
                String got =
                        client.send("GET /x/1 HTTP/1.1␍␊Host: " + NAME + "␍␊␍␊").receive();
                assertTrue(got.endsWith("\r\n\r\n" + answer), got);
            }
        }
    }

    @Test
    void writesTheClientToTheAccessLog() throws IOException {
        Path log = folder.resolve("access.log");
        try (var origin = ScriptedOrigin.start()) {
            try (var proxy = before(origin, "{mode: request, ca: CA}")
                    .accessLog("{format: json, to: \"" + log + "\"}")
                    .start()) {
                for (String kind : List.of("good", "stranger", "none")) {
                    try (var client = SecureClient.connect(kinds.context(kind), proxy.port(), NAME)) {
                        get(client, "");
                    }
                }
            }
        }
        List<String> records = Files.readAllLines(log);
        assertTrue(
                records.get(0)
                        .contains("\"tls_client\":\"CN=good\",\"tls_client_sha256\":\"" + kinds.good.sha256() + "\""),
                records.get(0));
        assertTrue(records.get(1).contains("\"tls_client_fault\":\"untrusted\""), records.get(1));
        assertTrue(!records.get(1).contains("tls_client\""), records.get(1));
        assertTrue(!records.get(2).contains("tls_client"), records.get(2));
    }

    private ProxySetup before(ScriptedOrigin origin, String clientAuth) {
        return ProxySetup.before(origin)
                .listener("tls: {certificates: [{chain: %s, key: %s}], clientAuth: %s}"
                        .formatted(
                                folder.resolve("chain.pem"),
                                folder.resolve("key.pem"),
                                clientAuth.replace(
                                        "CA", folder.resolve("ca.pem").toString())));
    }

    private static void get(SecureClient client, String fields) {
        String answer = client.send("GET / HTTP/1.1␍␊Host: " + NAME + "␍␊" + fields + "␍␊")
                .receive();
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
    }

    private static List<String> values(ReceivedRequest request, String name) {
        return request.fields().all(name);
    }

    private static String base64(byte[] der) {
        return Base64.getEncoder().encodeToString(der);
    }
}
