package dev.headgate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.HopByHop;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardingFieldsTest {
    private static final PeerAddress CLIENT = Heads.peer("203.0.113.9");
    private static final PeerAddress PROXY = Heads.peer("10.0.0.1");
    private static final Ingress INGRESS = new Ingress(Ingress.Scheme.HTTP, 8080);

    private final RequestIdentity identity = new RequestIdentity();

    @Test
    void tellsWhereARequestCameFrom() {
        RequestHead head = Heads.request("Accept: */*");

        apply(head, CLIENT);

        assertEquals("""
                Host: example.com
                Accept: */*
                X-Forwarded-For: 203.0.113.9
                Forwarded: for=203.0.113.9;host=example.com;proto=http
                X-Forwarded-Proto: http
                X-Forwarded-Host: example.com
                X-Forwarded-Port: 8080
                Via: 1.1 headgate
                X-Request-ID: 00000000000000000000000000000001
                """, head.fields().toString());
        assertEquals("203.0.113.9", Heads.text(identity.client()));
        assertFalse(identity.isFromTrustedProxy());
    }

    @Test
    void quotesWhatIsNoToken() {
        RequestHead head = Heads.decode("GET / HTTP/1.1\r\nHost: [2001:db8::2]:8080\r\n\r\n", Heads.ROOM);

        apply(head, Heads.peer("2001:db8::1"), new Ingress(Ingress.Scheme.HTTPS, 443));

        assertEquals("for=\"[2001:db8::1]\";host=\"[2001:db8::2]:8080\";proto=https", Heads.forwarded(head));
        assertEquals("2001:db8::1", Heads.forwardedFor(head));
        assertEquals(List.of("[2001:db8::2]:8080"), Heads.values(head.fields(), Field.X_FORWARDED_HOST));
        assertEquals(List.of("443"), Heads.values(head.fields(), Field.X_FORWARDED_PORT));
    }

    @Test
    void leavesTheHostOutWhereThereIsNone() {
        RequestHead head = Heads.decode("GET / HTTP/1.0\r\n\r\n", Heads.ROOM);

        apply(head, CLIENT);

        assertEquals("for=203.0.113.9;proto=http", Heads.forwarded(head));
        assertFalse(head.fields().contains(Field.X_FORWARDED_HOST));
        assertEquals(List.of("1.0 headgate"), Heads.values(head.fields(), Field.VIA));
    }

    @Test
    void callsAPeerWithoutAddressUnknown() {
        RequestHead head = Heads.request("X-Forwarded-For: 127.0.0.1");

        apply(head, PeerAddress.of(UnixDomainSocketAddress.of("s")));

        assertEquals("unknown", Heads.forwardedFor(head));
        assertEquals("for=unknown;host=example.com;proto=http", Heads.forwarded(head));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For",
                "x-forwarded-for",
                "X-Forwarded-Proto",
                "X-Forwarded-Host",
                "X-Forwarded-Port",
                "X-Forwarded-Server",
                "X-Forwarded-Client-Cert",
                "X-Forwarded-Prefix",
                "X-Forwarded-Ssl",
                "X-Forwarded-Anything",
                "X-Forwarded",
                "Forwarded",
                "Forwarded-For",
                "X-Real-IP",
                "X-Original-URL",
                "X-Rewrite-URL",
                "X-Host",
                "X-Original-Host",
                "True-Client-IP",
                "CF-Connecting-IP",
                "X-Client-IP",
                "X-Cluster-Client-IP",
                "X-Request-ID",
                "TRUE-CLIENT-IP"
            })
    void removesWhatAnUntrustedPeerSaysOfItself(String name) {
        RequestHead head = Heads.request(name + ": 10.66.66.66", "X-Kept: yes", name + ": 10.66.66.66");

        apply(head, CLIENT);

        assertFalse(head.fields().toString().contains("66"), head.fields().toString());
        assertTrue(head.fields().toString().contains("X-Kept: yes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x_forwarded_for", "X_Real_IP", "X-Forwarded_Prefix", "true_client_ip", "X_Request_ID"})
    void takesUnderscoresForHyphens(String name) {
        FieldSection fields = Heads.section(name + ": spoof", "x_other: kept");

        IdentityFields.strip(fields);

        assertEquals("x_other: kept\n", fields.toString());
    }

    @Test
    void keepsWhatOnlyResemblesThem() {
        String[] lines = {"X-Forwarded-: 1", "X-Forward: 2", "X-Hosts: 3", "X-Hos: 4", "Via: 1.1 x", "X-Real-I: 5"};
        FieldSection fields = Heads.section(lines);

        IdentityFields.strip(fields);

        assertEquals(String.join("\n", lines) + "\n", fields.toString());
    }

    @Test
    void addsATrustedPeerToTheLists() {
        RequestHead head = Heads.request(
                "X-Forwarded-For: 198.51.100.1",
                "Forwarded: for=198.51.100.1;proto=https",
                "X-Forwarded-For: 10.0.0.2",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: shop.example",
                "X-Forwarded-Port: 443",
                "X-Real-IP: 198.51.100.1",
                "Via: 1.1 cdn",
                "X-Request-ID: abc-123");

        apply(head, PROXY);

        assertEquals("""
                Host: example.com
                X-Forwarded-Proto: https
                X-Forwarded-Host: shop.example
                X-Forwarded-Port: 443
                X-Real-IP: 198.51.100.1
                Via: 1.1 cdn
                X-Request-ID: abc-123
                X-Forwarded-For: 198.51.100.1, 10.0.0.2, 10.0.0.1
                Forwarded: for=198.51.100.1;proto=https, for=10.0.0.1;host=example.com;proto=http
                Via: 1.1 headgate
                """, head.fields().toString());
        assertEquals("198.51.100.1", Heads.text(identity.client()));
        assertTrue(identity.isFromTrustedProxy());
        assertEquals("abc-123", requestId(head));
    }

    @Test
    void startsAMissingListWithTheClientOfTheOther() {
        RequestHead one = Heads.request("X-Forwarded-For: 2001:db8::9, 10.0.0.2");
        apply(one, PROXY);
        assertEquals("2001:db8::9, 10.0.0.2, 10.0.0.1", Heads.forwardedFor(one));
        assertEquals("for=\"[2001:db8::9]\", for=10.0.0.1;host=example.com;proto=http", Heads.forwarded(one));

        RequestHead other = Heads.request("Forwarded: for=198.51.100.1, for=10.0.0.2");
        apply(other, PROXY);
        assertEquals("198.51.100.1, 10.0.0.1", Heads.forwardedFor(other));
        assertEquals(
                "for=198.51.100.1, for=10.0.0.2, for=10.0.0.1;host=example.com;proto=http", Heads.forwarded(other));
    }

    @Test
    void startsBothListsWithATrustedPeerThatNamesNobody() {
        RequestHead head = Heads.request();

        apply(head, PROXY);

        assertEquals("10.0.0.1", Heads.forwardedFor(head));
        assertEquals("for=10.0.0.1;host=example.com;proto=http", Heads.forwarded(head));
    }

    @Test
    void dropsForwardedLinesThatWouldSwallowOurs() {
        RequestHead head = Heads.request("Forwarded: for=\"198.51.100.1", "X-Forwarded-For: 198.51.100.2");

        apply(head, PROXY);

        assertEquals("for=198.51.100.2, for=10.0.0.1;host=example.com;proto=http", Heads.forwarded(head));
    }

    @Test
    void leavesEmptyLinesOutOfTheLists() {
        RequestHead head = Heads.request("X-Forwarded-For:", "X-Forwarded-For: 198.51.100.1", "Forwarded:");

        apply(head, PROXY);

        assertEquals("198.51.100.1, 10.0.0.1", Heads.forwardedFor(head));
        assertEquals("for=10.0.0.1;host=example.com;proto=http", Heads.forwarded(head));
    }

    @Test
    void replacesWhatATrustedPeerSaysTwice() {
        RequestHead head = Heads.request("X-Forwarded-Proto: https", "X-Forwarded-Proto: http", "X-Forwarded-Host:");

        apply(head, PROXY);

        assertEquals(List.of("http"), Heads.values(head.fields(), Field.X_FORWARDED_PROTO));
        assertEquals(List.of("example.com"), Heads.values(head.fields(), Field.X_FORWARDED_HOST));
    }

    // Row H1-25.
    @Test
    void cannotBeUndoneByConnectionOptions() {
        RequestHead head = Heads.request(
                "Connection: close, X-Forwarded-For, X-Forwarded-Proto, Forwarded, Via, X-Request-ID, X-Real-IP");
        HopByHop.strip(head.fields());

        apply(head, CLIENT);

        assertEquals("203.0.113.9", Heads.forwardedFor(head));
        assertTrue(head.fields().contains(Field.FORWARDED));
        assertTrue(head.fields().contains(Field.X_FORWARDED_PROTO));
        assertTrue(head.fields().contains(Field.VIA));
        assertTrue(head.fields().contains(Field.X_REQUEST_ID));
    }

    @Test
    void keepsRequestIdsOfTrustedPeersOnly() {
        RequestHead untrusted = Heads.request("X-Request-ID: abc");
        apply(untrusted, CLIENT);
        assertEquals("00000000000000000000000000000001", requestId(untrusted));

        RequestHead trusted = Heads.request("X-Request-ID: Az09._~:/+=@-");
        apply(trusted, PROXY);
        assertEquals("Az09._~:/+=@-", requestId(trusted));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "a\"b", "a%20b", "é", "a;b", "<script>"})
    void replacesUnsoundRequestIds(String id) {
        RequestHead head = Heads.request("X-Request-ID: " + id);

        apply(head, PROXY);

        assertEquals("00000000000000000000000000000001", requestId(head));
        assertEquals(1, Heads.values(head.fields(), Field.X_REQUEST_ID).size());
    }

    @Test
    void boundsRequestIds() {
        for (int length : new int[] {1, 127, 128}) {
            RequestHead head = Heads.request("X-Request-ID: " + "x".repeat(length));
            apply(head, PROXY);
            assertEquals("x".repeat(length), requestId(head));
        }
        RequestHead head = Heads.request("X-Request-ID: " + "x".repeat(129));
        apply(head, PROXY);
        assertEquals(32, requestId(head).length());
    }

    @Test
    void replacesSeveralRequestIds() {
        RequestHead head = Heads.request("X-Request-ID: a", "X-Request-ID: a");

        apply(head, PROXY);

        assertEquals(List.of("00000000000000000000000000000001"), Heads.values(head.fields(), Field.X_REQUEST_ID));
    }

    @Test
    void givesResponsesTheIdOfTheirRequest() {
        RequestHead head = Heads.request();
        apply(head, CLIENT);
        FieldSection response = Heads.section("X-Request-ID: origin", "Server: x");
        int before = response.appendOffset();

        assertTrue(identity.addRequestIdTo(response, head));

        assertEquals("Server: x\nX-Request-ID: 00000000000000000000000000000001\n", response.toString());
        assertEquals(identity.requestIdAddedBytes(), response.appendOffset() - before);
    }

    @Test
    void refusesAStoreWithoutEnoughRoom() {
        String text = "GET / HTTP/1.1\r\nHost: example.com\r\nX-Forwarded-For: 198.51.100.1\r\n\r\n";
        ForwardingFields forwarding = forwarding();
        int needed = forwarding.addedBytesMax(Heads.decode(text, 0), PROXY);

        assertTrue(forwarding.apply(Heads.decode(text, needed + 1), PROXY, INGRESS, identity));
        assertTrue(forwarding.apply(Heads.decode(text, needed), PROXY, INGRESS, identity));
        RequestHead tight = Heads.decode(text, needed - 1);
        assertFalse(forwarding.apply(tight, PROXY, INGRESS, identity));
        assertEquals(
                "Host: example.com\nX-Forwarded-For: 198.51.100.1\n",
                tight.fields().toString());
    }

    @Test
    void forgetsARequest() {
        apply(Heads.request(), PROXY);

        identity.clear();

        assertFalse(identity.client().isKnown());
        assertFalse(identity.isFromTrustedProxy());
        assertEquals(0, identity.requestIdLength());
    }

    private String requestId(RequestHead head) {
        byte[] bytes = new byte[identity.requestIdLength()];
        head.bytes().get(identity.requestIdOffset(), bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private void apply(RequestHead head, PeerAddress peer) {
        apply(head, peer, INGRESS);
    }

    private void apply(RequestHead head, PeerAddress peer, Ingress ingress) {
        assertTrue(forwarding().apply(head, peer, ingress, identity));
    }

    private static ForwardingFields forwarding() {
        return new ForwardingFields(
                TrustedProxies.parse(List.of("10.0.0.0/8")), new Via("headgate"), new Heads.Counter());
    }
}
