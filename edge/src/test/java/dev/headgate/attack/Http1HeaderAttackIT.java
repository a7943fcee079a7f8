package dev.headgate.attack;

import static dev.headgate.attack.Attack.accepted;
import static dev.headgate.attack.Attack.get;
import static dev.headgate.attack.Attack.post;
import static dev.headgate.attack.Attack.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks with fields that are well-formed, but claim what a client must not claim. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http1HeaderAttackIT {
    @AutoClose
    private static final AttackRange RANGE = new AttackRange();

    @ThreatRow("H1-21")
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

    @ThreatRow("H1-21")
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

    @ThreatRow("H1-23")
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

    @ThreatRow("H1-24")
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

    @ThreatRow("H1-25")
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

    @ThreatRow("H1-26")
    @ParameterizedTest
    @MethodSource
    void h1_26_forwardingFieldsFromAnyone(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_26_forwardingFieldsFromAnyone() {
        return Stream.of(
                        "X-Forwarded-For: 6.6.6.6",
                        "X-Forwarded-For: 6.6.6.6, 7.7.7.7",
                        "Forwarded: for=6.6.6.6",
                        "Forwarded: for=\"[6.6.6.6]:0\";host=6.6.6.6;proto=6.6.6.6",
                        "X-Real-IP: 6.6.6.6",
                        "X-Forwarded-Host: 6.6.6.6",
                        "X-Forwarded-Proto: 6.6.6.6",
                        "X-Forwarded-Port: 6.6.6.6",
                        "X-Request-ID: 6.6.6.6")
                .map(line -> accepted(line, get(line, line), Http1HeaderAttackIT::showsTheRealPeer, "GET /"));
    }

    private static void showsTheRealPeer(ReceivedRequest request) {
        assertFalse(request.fields().toString().contains("6.6.6.6"), () -> "believed: " + request.fields());
        assertEquals("127.0.0.1", request.fields().value("x-forwarded-for"));
    }

    @ThreatRow("H1-20")
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
    @Test
    void h1_20_longUnreadBodyEndsTheConnection() {
        try (var own = new AttackRange(setup ->
                        setup.route("{respond: {status: 200, body: here}}").listener("limits: {drainBytes: 64KiB}"));
                var client = own.connect()) {
            client.send(post("Content-Length: 1000000"));
            assertEquals("here", client.expectStatus(200).text());
            client.trySend(new byte[999_000]);
            client.trySend(Wire.bytes("␀".repeat(1000) + get()));
            client.expectEnd();
            own.origin().assertReceivedNothing();
        }
    }
}
