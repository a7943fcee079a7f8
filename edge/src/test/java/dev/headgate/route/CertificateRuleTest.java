package dev.headgate.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.config.CertificateMatch;
import dev.headgate.config.HostPattern;
import dev.headgate.config.PathPattern;
import dev.headgate.config.RouteConfig.RouteMatch;
import dev.headgate.forward.ClientFacts;
import dev.headgate.secure.ClientCertificate;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateRuleTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // subject, dns, uri, sha256, does it fit
                "-, -, -, -, true",
                "'cn=billing,  o=EXAMPLE', -, -, -, true",
                "CN=billing, -, -, -, false",
                "'O=Example,CN=billing', -, -, -, false",
                "'CN=other;CN=billing,O=Example', -, -, -, true",
                "-, a.example.com, -, -, true",
                "-, *.example.com, -, -, true",
                "-, *.com, -, -, true",
                "-, *.a.example.com, -, -, false",
                "-, example.com, -, -, false",
                "-, -, spiffe://x/billing, -, true",
                "-, -, spiffe://x/*, -, true",
                "-, -, spiffe://x/billing/*, -, false",
                "-, -, spiffe://y/*, -, false",
                "-, -, spiffe://x/bill, -, false",
                "-, -, -, 00ff, true",
                "-, -, -, 00fe, false",
                "-, a.example.com, spiffe://y/*, -, false",
                "'CN=billing,O=Example', a.example.com, spiffe://x/*, 00ff, true",
            })
    void asksForAllThatIsGiven(
            @Nullable String subject,
            @Nullable String dns,
            @Nullable String uri,
            @Nullable String sha256,
            boolean isFitting) {
        CertificateMatch match = new CertificateMatch(
                true,
                listOf(subject),
                listOf(dns).stream().map(HostPattern::new).toList(),
                listOf(uri),
                listOf(sha256));
        CertificateRule rule = new CertificateRule(match);
        assertEquals(isFitting, rule.takes(client("")));
        assertEquals(false, rule.takes(client("untrusted")));
        assertEquals(false, rule.takes(null));
    }

    @Test
    void canAskForNobody() {
        CertificateRule rule = new CertificateRule(nobody());
        assertEquals(false, rule.takes(client("")));
        assertEquals(true, rule.takes(client("expired")));
        assertEquals(true, rule.takes(null));
    }

    /** The first in the list counts, whichever table it lies in. */
    @Test
    void takesTheFirstRouteThatFits() {
        CertificateMatch any = new CertificateMatch(true, List.of(), List.of(), List.of(), List.of());
        CertificateMatch pinned = new CertificateMatch(true, List.of(), List.of(), List.of(), List.of("00ff"));
        RouteChoice<String> routes = RouteChoice.<String>builder(new SeededChance(1))
                .add(match("/a/**", null), "a")
                .add(match("/b/**", pinned), "b-pinned")
                .add(match("/**", any), "any")
                .add(match("/b/**", null), "b")
                .add(match("/**", nobody()), "nobody")
                .build();
        assertEquals("a", find(routes, "/a/1", client("")));
        assertEquals("b-pinned", find(routes, "/b/1", client("")));
        assertEquals("any", find(routes, "/c", client("")));
        assertEquals("b", find(routes, "/b/1", null));
        assertEquals("b", find(routes, "/b/1", client("untrusted")));
        assertEquals("nobody", find(routes, "/c", client("untrusted")));
        assertEquals(routes.rulesOf(null), routes.rulesOfNobody());
        RouteChoice<String> strict = RouteChoice.<String>builder(new SeededChance(1))
                .add(match("/**", any), "any")
                .build();
        assertNull(find(strict, "/c", null));
    }

    private static @Nullable String find(RouteChoice<String> routes, String path, @Nullable ClientCertificate client) {
        byte[] bytes = ("h" + path).getBytes(StandardCharsets.US_ASCII);
        return routes.match(ByteBuffer.wrap(bytes), 0, 1, 1, bytes.length - 1, routes.rulesOf(client));
    }

    private static RouteMatch match(String path, @Nullable CertificateMatch certificate) {
        return new RouteMatch(List.of(), List.of(new PathPattern(path)), Optional.ofNullable(certificate));
    }

    private static CertificateMatch nobody() {
        return new CertificateMatch(false, List.of(), List.of(), List.of(), List.of());
    }

    private static List<String> listOf(@Nullable String values) {
        return values == null ? List.of() : Arrays.asList(values.split(";", -1));
    }

    private static ClientCertificate client(String fault) {
        String name = "CN=billing,O=Example";
        ClientFacts facts = new ClientFacts(
                List.of(new byte[] {1}),
                fault,
                "00ff",
                name,
                List.of("urn:y", "spiffe://x/billing"),
                List.of("z.test", "a.example.com"));
        return new ClientCertificate(new X500Principal(name), facts);
    }
}
