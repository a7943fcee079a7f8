package dev.headgate.attack;

import static dev.headgate.attack.Attack.accepted;
import static dev.headgate.attack.Attack.get;
import static dev.headgate.attack.Attack.post;
import static dev.headgate.attack.Attack.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.ReceivedRequest;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks with fields that are well-formed, but claim what a client must not claim. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http1HeaderAttackIT {
    @AutoClose
    private static final AttackRange RANGE = new AttackRange();

    @ThreatRow(value = "H1-21", outcome = "417, nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h1_21_unknownExpectation(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_21_unknownExpectation() {
        return Stream.of("foo", "100-continue, x", "100-continue=1", "x, 100-continue", "")
                .map(value ->
                        refused("\"" + value + "\"", post("Expect: " + value, "Content-Length: 5") + "hello", 417));
    }

    @ThreatRow(value = "H1-21", outcome = "one 100 at most reaches the client")
    @Test
    void h1_21_originThatSendsTwo100sGetsOneForwarded() {
        try (var own = new AttackRange(setup -> setup);
                var client = own.connect()) {
            own.origin().otherwise(exchange -> {
                exchange.send("HTTP/1.1 100 Continue␍␊␍␊HTTP/1.1 100 Continue␍␊␍␊");
                exchange.respond(200, "taken");
            });
            client.send(post("Expect: 100-continue", "Content-Length: 5"));
            assertEquals(100, client.readHead().status());
            client.send("hello");
            assertEquals(List.of(), client.expectStatus(200).interimStatuses());
        }
    }

    @ThreatRow(value = "H1-23", outcome = "an ordinary request; the origin sees nothing of the upgrade")
    @ParameterizedTest
    @MethodSource
    void h1_23_upgradeToHttp2(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_23_upgradeToHttp2() {
        Consumer<ReceivedRequest> stripped = lacks("upgrade", "http2-settings", "connection");
        return Stream.of(
                accepted(
                        "h2c",
                        get("Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__", "Connection: Upgrade, HTTP2-Settings"),
                        stripped,
                        "GET /"),
                accepted("not in Connection", get("Upgrade: h2c", "HTTP2-Settings: AAMAAABk"), stripped, "GET /"),
                accepted("websocket", get("Upgrade: websocket", "Connection: upgrade"), stripped, "GET /"));
    }

    private static Consumer<ReceivedRequest> lacks(String... names) {
        return request -> {
            for (String name : names) {
                assertFalse(request.fields().has(name), () -> name + " in " + request.fields());
            }
        };
    }

    @ThreatRow(
            value = "H1-24",
            outcome = "400 where the name passes for a field that frames or forwards, else the field is left out")
    @ParameterizedTest
    @MethodSource
    void h1_24_underscores(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_24_underscores() {
        var aliases = Stream.of(
                        "X_Forwarded_For: 1",
                        "X-Forwarded_For: 1",
                        "x_forwarded_proto: https",
                        "X_Forwarded_Host: b",
                        "content_length: 5",
                        "Content_Length: 0",
                        "transfer_encoding: chunked",
                        "X_Real_IP: 6.6.6.6",
                        "X_Request_ID: 1")
                .map(line -> refused(line, get(line), 400));
        return Stream.concat(
                aliases, Stream.of(accepted("other name", get("my_field: 1"), lacks("my_field", "my-field"), "GET /")));
    }

    @ThreatRow(
            value = "H1-25",
            advisory = {"Traefik CVE-2021-32813", "Traefik CVE-2024-45410"},
            outcome = "what the option names goes, but for fields that frame, route, identify or authenticate")
    @ParameterizedTest
    @MethodSource
    void h1_25_connectionOptions(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_25_connectionOptions() {
        String[] protectedFields = {"Authorization: secret", "Cookie: a=b", "X-Forwarded-For: 6.6.6.6"};
        var each = Stream.of("Authorization", "Cookie", "Host", "X-Forwarded-For", "X-Real-IP", "Content-Length")
                .map(option -> accepted(
                        option,
                        post(
                                        "Connection: " + option.toUpperCase(Locale.ROOT),
                                        "Content-Length: 5",
                                        protectedFields[0],
                                        protectedFields[1],
                                        protectedFields[2])
                                + "hello",
                        Http1HeaderAttackIT::keepsProtectedFields,
                        "POST /"));
        return Stream.concat(
                each,
                Stream.of(
                        accepted(
                                "all at once",
                                post(
                                                "Connection: X-Forwarded-For, X-Real-IP, Authorization, Cookie, Host, Content-Length",
                                                "Content-Length: 5",
                                                protectedFields[0],
                                                protectedFields[1],
                                                protectedFields[2])
                                        + "hello",
                                Http1HeaderAttackIT::keepsProtectedFields,
                                "POST /"),
                        accepted("named field", get("Connection: X-Hop", "X-Hop: 1"), lacks("x-hop"), "GET /"),
                        accepted(
                                "two lines",
                                get("Connection: a", "Connection: x-hop", "X-Hop: 1"),
                                lacks("x-hop"),
                                "GET /"),
                        accepted(
                                "always hop by hop",
                                get(
                                        "Keep-Alive: timeout=5",
                                        "Proxy-Connection: keep-alive",
                                        "TE: trailers",
                                        "Proxy-Authorization: Basic eA=="),
                                lacks("keep-alive", "proxy-connection", "connection"),
                                "GET /")));
    }

    private static void keepsProtectedFields(ReceivedRequest request) {
        assertEquals("secret", request.fields().value("authorization"));
        assertEquals("a=b", request.fields().value("cookie"));
        assertEquals("a", request.fields().value("host"));
        assertEquals("hello", request.text());
        assertTrue(request.fields().has("x-forwarded-for"));
    }

    @ThreatRow(
            value = "H1-22",
            advisory = "Pingora CVE-2026-2833",
            outcome =
                    "to anything but WebSocket no upgrade is possible: what follows is parsed as a request, and meets the rules; the origin sees neither field")
    @Test
    void h1_22_bytesBehindAnUpgradeAreARequestLikeAnyOther() {
        try (var own = new AttackRange(setup -> setup.route("{match: {path: /admin}, respond: {status: 403}}")
                        .route("{to: app}"));
                var client = own.connect()) {
            client.send(get("Upgrade: foo", "Connection: upgrade") + "GET /admin HTTP/1.1␍␊Host: a␍␊␍␊");
            client.expectStatus(200);
            client.expectStatus(403);
            client.expectNothingMore();
            assertEquals(List.of("GET /"), own.origin().requestLines());
            lacks("upgrade", "connection").accept(own.origin().lastRequest());
        }
    }

    @ThreatRow(value = "H1-22", outcome = "an origin that switches all the same: 502")
    @Test
    void h1_22_originThatSwitchesUnaskedIs502() {
        try (var own = new AttackRange();
                var client = own.connect()) {
            own.origin().on("/switch", exchange -> {
                exchange.send("HTTP/1.1 101 Switching Protocols␍␊Upgrade: foo␍␊Connection: upgrade␍␊␍␊");
                exchange.awaitPeerEnd();
            });
            client.send(
                    "GET /switch HTTP/1.1␍␊Host: a␍␊Upgrade: foo␍␊Connection: upgrade␍␊␍␊GET /admin HTTP/1.1␍␊Host: a␍␊␍␊");
            client.expectStatus(502);
            client.expectStatus(200);
            var requests = own.origin().requests();
            assertEquals(List.of("GET /switch", "GET /admin"), own.origin().requestLines());
            assertNotEquals(requests.get(0).connection(), requests.get(1).connection(), "connection was used again");
            own.assertWell();
        }
    }

    @ThreatRow(
            value = "H1-20",
            advisory = "Pingora CVE-2025-4366",
            outcome =
                    "up to 64 KiB within 2 s are read and dropped, else the connection closes; never parsed, never at the origin")
    @Test
    void h1_20_unreadBodyOfAnAnsweredRequestIsNoRequest() {
        String smuggled = "GET /smuggled HTTP/1.1␍␊Host: a␍␊␍␊";
        try (var own = new AttackRange(
                        setup -> setup.route("{match: {path: /here}, respond: {status: 200, body: here}}")
                                .route("{match: {path: /there}, redirect: {path: /elsewhere}}")
                                .route("{to: app}"));
                var client = own.connect()) {
            String head = " HTTP/1.1␍␊Host: a␍␊Content-Length: " + smuggled.length() + "␍␊␍␊";
            client.send("POST /here" + head + smuggled + "POST /there" + head + smuggled + get());
            assertEquals("here", client.expectStatus(200).text());
            assertEquals(3, client.readResponse().status() / 100);
            assertEquals("scripted origin", client.expectStatus(200).text());
            client.expectNothingMore();
            assertEquals(List.of("GET /"), own.origin().requestLines());
        }
    }

    @ThreatRow("H1-20")
    @ParameterizedTest
    @CsvSource({"65535, true", "65536, true", "65537, false", "1000000, false"})
    void h1_20_unreadBodyIsDroppedUpToItsLimit(int length, boolean goesOn) {
        try (var own = new AttackRange(setup -> setup.route("{match: {path: /no}, respond: {status: 200, body: here}}")
                        .route("{to: app}"));
                var client = own.connect()) {
            client.send("POST /no HTTP/1.1␍␊Host: a␍␊Content-Length: " + length + "␍␊␍␊");
            assertEquals("here", client.expectStatus(200).text());
            String smuggled = "GET /smuggled HTTP/1.1␍␊Host: a␍␊␍␊";
            client.trySend(Wire.bytes("␀".repeat(length - smuggled.length()) + smuggled + get()));
            if (goesOn) {
                client.expectStatus(200);
                assertEquals(List.of("GET /"), own.origin().requestLines());
            } else {
                client.expectEnd();
                own.origin().assertReceivedNothing();
            }
        }
    }
}
