package dev.headgate.forward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.forward.CertificateForwarding.Kind;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import dev.headgate.testkit.AllocationMeter;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateForwardingTest {
    private static final byte[] DER = {1, 2, 3, -1, -2};
    private static final int WARM_UPS = 20_000;
    private static final int CALLS = 200_000;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "CN=a,O=b|CN=a,O=b",
                "CN=a\\,b|CN=a\\,b",
                "CN=a\\\"b|CN=a\\22b",
                "CN=a\\\\|CN=a\\5C",
                "CN=a\\\\\\\";Hash=0|CN=a\\5C\\22;Hash=0",
                "CN=a;b=c|CN=a;b=c",
                "CN=\\00x|CN=\\00x",
                "CN=\\ x\\ y|CN=\\ x\\ y",
                "CN=é|CN=\\C3\\A9",
                "CN=😀|CN=\\F0\\9F\\98\\80",
                "CN=\"|CN=\\22",
                "CN=\\|CN=\\5C",
            })
    void writesNamesThatCannotLeaveTheirQuotes(String name, String expected) {
        assertEquals(expected, CertificateText.quotable(name));
    }

    @Test
    void writesNoLineEnds() {
        assertEquals("CN=a\\0D\\0AX: y", CertificateText.quotable("CN=a\r\nX: y"));
    }

    @Property
    void whateverStandsInANameStaysThere(@ForAll @StringLength(max = 40) String text) {
        String quoted = CertificateText.quotable("CN=" + text);
        assertTrue(quoted.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"'), quoted);
        assertFalse(quoted.contains("\\\\"), quoted);
        assertFalse(quoted.endsWith("\\"), quoted);
    }

    /** What a reader of RFC 4514 makes of it is the same name. */
    @Property(tries = 300)
    void namesKeepTheirMeaning(@ForAll @StringLength(min = 1, max = 12) String text) {
        X500Principal name;
        try {
            name = new X500Principal("CN=" + escaped(text));
        } catch (IllegalArgumentException e) {
            return; // No name of the JDK's.
        }
        String written = CertificateText.quotable(name.getName(X500Principal.RFC2253));
        assertEquals(name, new X500Principal(written), written);
    }

    private static String escaped(String text) {
        StringBuilder pairs = new StringBuilder();
        for (byte b : text.getBytes(UTF_8)) {
            pairs.append(String.format("\\%02x", b));
        }
        return pairs.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "spiffe://a.b/c|spiffe://a.b/c",
                "urn:a;b=c,d|\"urn:a;b=c,d\"",
                "urn:\";DNS=x|\"urn:%22;DNS=x\"",
                "urn:a\\|urn:a%5C",
                "*.example.com|*.example.com",
                "a b|a%20b",
                "ü|%C3%BC",
            })
    void writesAlternativeNames(String name, String expected) {
        assertEquals(expected, CertificateText.plain(name));
    }

    @Test
    void writesEachField() {
        ClientFacts client = new ClientFacts(
                List.of(DER, new byte[] {4}, new byte[] {5}),
                "",
                "00ff",
                "CN=a",
                List.of("urn:x", "urn:y"),
                List.of("d"));
        assertEquals("Client-Cert: :AQID//4=:\n", textOf(EnumSet.of(Kind.CLIENT_CERT), client));
        assertEquals(
                "Client-Cert: :AQID//4=:\nClient-Cert-Chain: :BA==:, :BQ==:\n",
                textOf(EnumSet.of(Kind.CLIENT_CERT_CHAIN), client));
        assertEquals(
                "X-Forwarded-Client-Cert: Hash=00ff;Subject=\"CN=a\";URI=urn:x;URI=urn:y;DNS=d\n",
                textOf(EnumSet.of(Kind.XFCC), client));
        assertEquals(
                "X-Forwarded-Client-Cert: Hash=00ff;Cert=\"-----BEGIN%20CERTIFICATE-----%0AAQID%2F%2F4%3D%0A"
                        + "-----END%20CERTIFICATE-----%0A\";Subject=\"CN=a\";URI=urn:x;URI=urn:y;DNS=d\n",
                textOf(EnumSet.of(Kind.XFCC, Kind.XFCC_CERT), client));
        assertEquals(
                "X-SSL-Client-Verify: SUCCESS\nClient-Cert: :AQID//4=:\n",
                textOf(EnumSet.of(Kind.VERIFY, Kind.CLIENT_CERT), client));
    }

    @Test
    void replacesWhatIsThereUnderEachSpelling() {
        FieldSection fields = section(
                "Client_Cert: x",
                "CLIENT-CERT: x",
                "client-cert-chain: x",
                "Kept: x",
                "X-Forwarded-Client-Cert: x",
                "x-forwarded_client-cert: x",
                "X_SSL-client-verify: x");
        assertTrue(forwarding(EnumSet.of(Kind.VERIFY)).of(null).apply(fields, true));
        assertEquals("Kept: x\nX-SSL-Client-Verify: NONE\n", fields.toString());
    }

    @Test
    void writesWithoutAllocation() {
        ClientFacts client = new ClientFacts(List.of(DER), "", "00ff", "CN=a", List.of("urn:x"), List.of("d"));
        CertificateFields lines = forwarding(EnumSet.allOf(Kind.class)).of(client);
        ByteBuffer store = ByteBuffer.allocate(4096);
        FieldSection fields = new FieldSection();
        for (int i = 0; i < WARM_UPS; i++) write(lines, fields, store);
        AllocationMeter meter = AllocationMeter.start(Thread.currentThread().threadId());
        for (int i = 0; i < CALLS; i++) write(lines, fields, store);
        assertEquals(0, meter.bytes() / CALLS);
    }

    private static void write(CertificateFields lines, FieldSection fields, ByteBuffer store) {
        fields.startIn(store);
        assertTrue(lines.apply(fields, false));
    }

    private static CertificateForwarding forwarding(EnumSet<Kind> kinds) {
        return new CertificateForwarding(kinds);
    }

    private static String textOf(EnumSet<Kind> kinds, ClientFacts client) {
        FieldSection fields = section();
        CertificateFields lines = forwarding(kinds).of(client);
        int before = fields.appendOffset();
        assertTrue(lines.apply(fields, false));
        assertEquals(lines.addedBytes(), fields.appendOffset() - before);
        for (int i = 0; i < fields.count(); i++) {
            assertTrue(FieldSyntax.isValue(fields.bytes(), fields.valueOffset(i), fields.valueLength(i)));
            assertEquals(Field.idOf(fields.name(i)), fields.id(i));
        }
        return fields.toString();
    }

    private static FieldSection section(String... lines) {
        FieldSection fields = new FieldSection();
        fields.startIn(ByteBuffer.allocate(64 * 1024));
        for (String line : lines) {
            int colon = line.indexOf(':');
            byte[] name = line.substring(0, colon).getBytes(ISO_8859_1);
            assertTrue(fields.add(name, line.substring(colon + 2).getBytes(ISO_8859_1)));
        }
        return fields;
    }
}
