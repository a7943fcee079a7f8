package dev.headgate.forward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ForwardingProperties {
    private static final String SPOOF = "192.0.2.66";
    private static final Ingress INGRESS = new Ingress(Ingress.Scheme.HTTPS, 443);

    private final ForwardingFields forwarding = new ForwardingFields(
            TrustedProxies.parse(List.of("10.0.0.0/8", "fd00::/8")), new Via("headgate"), new Heads.Counter());

    @Property(tries = 3_000)
    void theLastHopIsAlwaysThePeer(@ForAll("lines") List<String> lines, @ForAll("peers") String peer) {
        RequestHead head = head(lines);
        int before = head.fields().appendOffset();
        int bound = forwarding.addedBytesMax(head, Heads.peer(peer));

        assertTrue(forwarding.apply(head, Heads.peer(peer), INGRESS, new RequestIdentity()));

        assertTrue(head.fields().appendOffset() - before <= bound);
        String forwardedFor = Heads.forwardedFor(head);
        assertEquals(
                peer, forwardedFor.substring(forwardedFor.lastIndexOf(',') + 1).strip());
        assertEquals(1, Heads.values(head.fields(), Field.X_FORWARDED_FOR).size());
        assertLastForwardedElement(head, peer);
        for (int id :
                new int[] {Field.X_FORWARDED_PROTO, Field.X_FORWARDED_HOST, Field.X_FORWARDED_PORT, Field.X_REQUEST_ID
                }) {
            assertEquals(1, Heads.values(head.fields(), id).size());
        }
    }

    private static void assertLastForwardedElement(RequestHead head, String peer) {
        FieldSection fields = head.fields();
        int entry = fields.find(Field.FORWARDED);
        assertTrue(fields.findNext(Field.FORWARDED, entry) < 0);
        ForwardedReader reader = new ForwardedReader();
        int offset = fields.valueOffset(entry);
        assertTrue(reader.read(fields.bytes(), offset, offset + fields.valueLength(entry)), fields.value(entry));
        int last = reader.elements() - 1;
        IpAddress node = new IpAddress();
        assertTrue(NodeReader.read(
                fields.bytes(), reader.nodeOffset(last), reader.nodeEnd(last), NodeReader.Source.FORWARDED, node));
        assertEquals(peer, Heads.text(node));
    }

    @Property
    void idsAreWrittenInHexadecimal(@ForAll int value) {
        byte[] digits =
                ByteBuffer.allocate(Long.BYTES).putLong(RequestId.hex(value)).array();

        assertEquals(HexFormat.of().toHexDigits(value), new String(digits, ISO_8859_1));
    }

    /** Several requests by one instance: what it remembers of one must not show in the next. */
    @Property(tries = 2_000)
    void aFirstHopIsWrittenAsInTheGeneralWay(
            @ForAll("straightFromClients") List<Straight> requests,
            @ForAll boolean isHttp2,
            @ForAll HttpVersion responseVersion,
            @ForAll @IntRange(min = 1, max = 2000) int nameLength) {
        Via via = new Via("n".repeat(nameLength));
        ForwardingFields quick = new ForwardingFields(TrustedProxies.NONE, via, new Heads.Counter());
        ForwardingFields general = new ForwardingFields(TrustedProxies.NONE, via, new Heads.Counter());
        for (Straight request : requests) {
            RequestHead expected = Heads.decode(request.text, Heads.ROOM);
            RequestHead seen = Heads.decode(request.text, Heads.ROOM);
            if (isHttp2) {
                expected.version(HttpVersion.HTTP_2);
                seen.version(HttpVersion.HTTP_2);
            }
            RequestIdentity expectedIdentity = new RequestIdentity();
            RequestIdentity identity = new RequestIdentity();

            new ClientResolver(TrustedProxies.NONE).resolve(expected, request.peer, expectedIdentity.client());
            assertTrue(general.continueHops(expected, request.peer, request.ingress, expectedIdentity));
            assertTrue(quick.apply(seen, request.peer, request.ingress, identity));

            assertEquals(written(expected), written(seen));
            assertEquals(expectedIdentity.requestIdOffset(), identity.requestIdOffset());
            assertEquals(expectedIdentity.requestIdLength(), identity.requestIdLength());
            FieldSection expectedResponse = Heads.section("Server: x", "X-Request-ID: other");
            FieldSection response = Heads.section("Server: x", "X-Request-ID: other");
            assertTrue(via.addTo(expectedResponse, responseVersion));
            assertTrue(expectedIdentity.addRequestIdTo(expectedResponse, expected));
            assertTrue(identity.addHopTo(response, responseVersion, seen, via));
            assertEquals(written(expectedResponse), written(response));
        }
    }

    /** Each live line with its number, and as it lies in the bytes. */
    private static String written(FieldSection fields) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < fields.count(); i++) {
            if (fields.isLive(i)) {
                byte[] line = new byte[fields.valueOffset(i) + fields.valueLength(i) + 2 - fields.nameOffset(i)];
                fields.bytes().get(fields.nameOffset(i), line);
                assertEquals(fields.name(i) + ": " + fields.value(i) + "\r\n", new String(line, ISO_8859_1));
                text.append(fields.id(i)).append(' ').append(new String(line, ISO_8859_1));
            }
        }
        return text.toString();
    }

    private static String written(RequestHead head) {
        return written(head.fields());
    }

    private record Straight(String text, PeerAddress peer, Ingress ingress) {}

    @Provide
    Arbitrary<List<Straight>> straightFromClients() {
        Arbitrary<String> host = Arbitraries.of(
                "example.com", "example.org", "a", "ab:80", "127.0.0.1:8080", "127.0.0.1:8081", "[2001:db8::2]:8080");
        Arbitrary<String> longHost = Arbitraries.integers()
                .between(249, 255)
                .map(length -> "hundreds.".repeat(29).substring(0, length) + ":80");
        Arbitrary<String> start = Arbitraries.of("GET / HTTP/1.1\r\n", "GET / HTTP/1.0\r\n");
        Arbitrary<String> lines = Arbitraries.of("", "Accept: */*\r\n", "Via: 1.1 cdn\r\nX-Other: 1\r\n");
        Arbitrary<String> text = Combinators.combine(start, Arbitraries.oneOf(host, host, longHost), lines)
                .as((first, name, rest) -> first + "Host: " + name + "\r\n" + rest + "\r\n");
        Arbitrary<PeerAddress> peer = Arbitraries.of("203.0.113.9", "1.2.3.4", "255.255.255.255", "2001:db8::1", "::1")
                .map(Heads::peer)
                .injectNull(0.1)
                .map(each -> each == null ? PeerAddress.NONE : each);
        Arbitrary<Ingress> ingress =
                Arbitraries.of(INGRESS, new Ingress(Ingress.Scheme.HTTP, 8080), new Ingress(Ingress.Scheme.HTTP, 1));
        return Combinators.combine(text, peer, ingress)
                .as(Straight::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Property(tries = 3_000)
    void noSpoofOfAnUntrustedPeerSurvives(@ForAll("lines") List<String> lines) {
        RequestHead head = head(lines);
        RequestIdentity identity = new RequestIdentity();

        assertTrue(forwarding.apply(head, Heads.peer("203.0.113.9"), INGRESS, identity));

        assertEquals("203.0.113.9", Heads.text(identity.client()));
        assertFalse(head.fields().toString().contains(SPOOF), head.fields().toString());
    }

    @Property(tries = 3_000)
    void whatTheClientWroteItselfIsNeverBelieved(@ForAll("values") String written) {
        // The trusted proxy saw 198.51.100.1 and appended it to whatever came.
        RequestHead head = Heads.request("X-Forwarded-For: " + written + ", 198.51.100.1, 10.0.0.2");
        IpAddress client = new IpAddress();

        new ClientResolver(TrustedProxies.parse(List.of("10.0.0.0/8"))).resolve(head, Heads.peer("10.0.0.1"), client);

        assertEquals("198.51.100.1", Heads.text(client));
    }

    @Property(tries = 5_000)
    void anyBytesAreAnswered(@ForAll byte[] value) {
        ByteBuffer bytes = ByteBuffer.wrap(value);
        ForwardedReader reader = new ForwardedReader();
        if (reader.read(bytes, 0, value.length)) {
            for (int i = Math.max(0, reader.elements() - ForwardedReader.ELEMENTS_MAX); i < reader.elements(); i++) {
                assertTrue(reader.nodeEnd(i) <= value.length);
            }
        }
        for (NodeReader.Source source : NodeReader.Source.values()) {
            NodeReader.read(bytes, 0, value.length, source, new IpAddress());
        }
        assertTrue(new Via("headgate").passes(viaOf(value)) >= 0);
    }

    private static FieldSection viaOf(byte[] value) {
        FieldSection fields = new FieldSection();
        fields.bind(ByteBuffer.wrap(value), 0);
        fields.append(0, 0, 0, value.length, Field.VIA, false);
        return fields;
    }

    private static RequestHead head(List<String> lines) {
        return Heads.request(lines.toArray(String[]::new));
    }

    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<String> name = Arbitraries.of(
                "X-Forwarded-For",
                "Forwarded",
                "X-Forwarded-Proto",
                "X-Forwarded-Host",
                "X-Forwarded-Port",
                "X-Real-IP",
                "X-Request-ID",
                "X-Forwarded-Prefix",
                "True-Client-IP",
                "X-Original-URL");
        Arbitrary<String> cased = Combinators.combine(name, Arbitraries.of(true, false))
                .as((text, lower) -> lower ? text.toLowerCase(Locale.ROOT) : text);
        return Combinators.combine(cased, values())
                .as((text, value) -> text + ": " + value)
                .list()
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<String> values() {
        Arbitrary<String> part = Arbitraries.of(
                SPOOF,
                "10.0.0.7",
                "fd00::9",
                "unknown",
                "_x",
                "for=",
                "for=" + SPOOF,
                "for=\"[fd00::1]\"",
                "proto=https",
                ",",
                ", ",
                ";",
                "\"",
                "\\",
                "=",
                " ",
                "[::1]:80",
                "é",
                ":",
                "x");
        return part.list().ofMaxSize(12).map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> peers() {
        return Arbitraries.of("203.0.113.9", "10.0.0.1", "2001:db8::5", "fd00::5");
    }
}
