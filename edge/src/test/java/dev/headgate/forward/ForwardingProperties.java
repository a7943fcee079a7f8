package dev.headgate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

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
